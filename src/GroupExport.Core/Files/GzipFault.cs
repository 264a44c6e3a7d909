using GroupExport.Http;

namespace GroupExport.Files;

/// <summary>A gzip body that is not whole. Fetching the file again may help.</summary>
internal sealed class GzipFault(string message, Exception? innerException = null) : BodyFault(message, innerException);
