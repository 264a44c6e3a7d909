namespace GroupExport.ModuleTests.Silence;

/// <summary>One way to use a cmdlet.</summary>
/// <param name="Cmdlet">What it is about.</param>
/// <param name="Name">What comes to pass, in a few words.</param>
/// <param name="Script">Runs it, last of all when it fails.</param>
/// <param name="ErrorId">The first part of the error's id; null for success.</param>
/// <param name="Words">Whether the server's own words are shown, so that there is something to mask.</param>
internal sealed record Scenario(string Cmdlet, string Name, string Script, string? ErrorId = null, bool Words = false)
{
    /// <summary>Whether a kick-off is sent, so that there is something in the audit log.</summary>
    public bool IsLogged => Script.Contains("Ask", StringComparison.Ordinal) || (Script.Contains("New-GroupExport", StringComparison.Ordinal) && ErrorId is null && Cmdlet != "Start-ExportSandbox");
}
