namespace GroupExport.ModuleTests.Engine;

/// <summary>A script among the temporary files, gone when disposed.</summary>
internal sealed class ScriptFile : IDisposable
{
    public ScriptFile(string text)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"a script's {Guid.NewGuid():N}.ps1");
        File.WriteAllText(Path, text);
    }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);
}
