namespace GroupExport.Http;

/// <summary>A body that is not whole, in words that carry nothing of it. Fetching it again may help.</summary>
internal class BodyFault(string message, Exception? innerException = null) : IOException(message, innerException);
