namespace GroupExport.Import;

/// <summary>A line that is one resource, and where its properties lie in it.</summary>
/// <param name="Type">Its resourceType.</param>
/// <param name="Json">The line, UTF-8, which is valid JSON.</param>
/// <param name="Members">The properties of its object, in their order.</param>
internal sealed record ResourceLine(string Type, byte[] Json, JsonMember[] Members);
