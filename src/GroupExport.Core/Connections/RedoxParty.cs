namespace GroupExport.Connections;

/// <summary>A system named in the Redox envelope: the source of a message, or one of its destinations.</summary>
/// <param name="Id">The UUID that Redox gave the system (<c>ID</c> on the wire), or null.</param>
/// <param name="Name">The name of the system, or null.</param>
public sealed record RedoxParty(string? Id, string? Name);
