namespace GroupExport.Import;

/// <summary>A property of a JSON object, found and not read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Start">Where its value begins in the line.</param>
/// <param name="End">Where its value has ended.</param>
internal readonly record struct JsonMember(string Name, int Start, int End);
