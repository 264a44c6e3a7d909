namespace GroupExport.Checks;

/// <summary>What one look at a connection found.</summary>
public sealed class ConnectionCheck
{
    /// <summary><c>Server</c>, <c>Clock</c>, <c>Key</c>, <c>Discovery</c>, <c>Token</c>, <c>Scope</c>, <c>Export</c> or <c>Group</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether nothing stands in the way here; a check that does not apply to the connection has passed.</summary>
    public bool Passed { get; init; }

    /// <summary>What was seen, and what to do when the check did not pass. No secret, no patient.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Name, result and detail in a line.</summary>
    public override string ToString() => $"{Name}: {(Passed ? "passed" : "failed")}, {Detail}";
}
