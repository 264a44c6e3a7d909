namespace GroupExport.ModuleTests.Deviations;

/// <summary>Something that a server does its own way, and what comes of an export there: all of it, unless an error is named.</summary>
/// <param name="Number">Of the rules for clients that conformance.md lists.</param>
/// <param name="What">The server, and what it does.</param>
/// <param name="Sandbox">Parameters of Start-ExportSandbox.</param>
internal sealed record Deviation(string Number, string What, string Sandbox)
{
    public required Way[] In { get; init; }

    /// <summary>How long an export takes, in seconds, as PowerShell reads it: no time, but for what is about waiting.</summary>
    public string Seconds { get; init; } = "0";

    /// <summary>The shortest interval between polls, in seconds. No server is polled more often, whatever its Retry-After says.</summary>
    public string Backoff { get; init; } = "0.5";

    /// <summary>How long the export is waited for, in seconds: reached only by an export that does not end.</summary>
    public string Timeout { get; init; } = "240";

    /// <summary>The server's Retry-After, in seconds.</summary>
    public int RetryAfter { get; init; }

    /// <summary>Whether the fault of the sandbox never fires, because this client gives it no cause.</summary>
    public bool IsAvoided { get; init; }

    /// <summary>What happened at the server before: a script, in which <c>$types</c> is what is exported.</summary>
    public string Before { get; init; } = "";

    /// <summary>Parameters of Connect-GroupExport.</summary>
    public string Connect { get; init; } = "";

    /// <summary>Parameters of New-GroupExport.</summary>
    public string KickOff { get; init; } = "";

    /// <summary>What the script does with the job before it saves: a command that takes the job and returns it.</summary>
    public string Between { get; init; } = "ForEach-Object { $_ }";

    /// <summary>Parameters of Save-ExportFiles.</summary>
    public string Save { get; init; } = "";

    /// <summary>What is saved.</summary>
    public string[] Types { get; init; } = ["Observation", "Patient"];

    /// <summary>Whether it is saved in blocks, one a patient.</summary>
    public bool IsOrganized { get; init; }

    /// <summary>Whether a block of those goes on in another file.</summary>
    public bool IsContinued { get; init; }

    /// <summary>Words of the only warning that comes; null for none.</summary>
    public string? Warning { get; init; }

    /// <summary>The error that comes instead; null for a whole export.</summary>
    public ExpectedError? Error { get; init; }
}

/// <summary>An error by its full id, and the words that tell what to do.</summary>
internal sealed record ExpectedError(string Id, string Words)
{
    public static ExpectedError OfKickOff(string kind, string words) => new($"{kind},GroupExport.Commands.NewGroupExportCommand", words);

    public static ExpectedError OfSaving(string kind, string words) => new($"{kind},GroupExport.Commands.SaveExportFilesCommand", words);
}
