namespace GroupExport.Tests.Server;

/// <summary>A fact of Unix only, or of Unix with a certain file; skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute(string? file = null)
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Unix only";
        }
        else if (file is not null && !File.Exists(file))
        {
            Skip = $"needs {file}";
        }
    }
}
