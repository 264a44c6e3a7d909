namespace GroupExport.Files;

/// <summary>The exception that is thrown when a body is not read to its end because of what it does. Fetching it again does not help.</summary>
/// <param name="why">A clause without a period; says nothing of the content.</param>
internal sealed class RejectedBody(string why) : Exception(why);
