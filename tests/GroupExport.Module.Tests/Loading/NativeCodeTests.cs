using System.Runtime.InteropServices;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Loading;

/// <summary>Copies of DLLs that were compiled ahead of time for the running platform come before those that work everywhere.</summary>
public sealed class NativeCodeTests : IDisposable
{
    private const string Core = "GroupExport.Core.dll";

    private static readonly string s_platform =
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    private readonly string _module = Directory.CreateTempSubdirectory("group-export-test-").FullName;

    public NativeCodeTests()
    {
        string staged = Path.GetDirectoryName(BuildFacts.StagedModule)!;
        foreach (string path in Directory.EnumerateFiles(staged, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_module, Path.GetRelativePath(staged, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }

        foreach (string platform in Directory.GetDirectories(Deps))
        {
            Directory.Delete(platform, recursive: true);
        }
    }

    private string Deps => Path.Combine(_module, "bin", "deps");

    public void Dispose() => Directory.Delete(_module, recursive: true);

    [Fact]
    public async Task The_copy_of_the_running_platform_is_loaded()
    {
        string copy = InFolder(s_platform);
        File.Copy(Path.Combine(Deps, Core), copy);

        Assert.Equal(copy, await LoadedAsync());
    }

    [Fact]
    public async Task A_copy_that_does_not_load_and_those_of_other_platforms_are_ignored()
    {
        File.WriteAllText(InFolder(s_platform), "not an image");
        File.WriteAllText(InFolder("linux-s390x"), "not an image either");

        Assert.Equal(Path.Combine(Deps, Core), await LoadedAsync());
    }

    private string InFolder(string platform) => Path.Combine(Directory.CreateDirectory(Path.Combine(Deps, platform)).FullName, Core);

    /// <summary>Returns where the engine's assembly comes from, in a fresh process.</summary>
    private async Task<string> LoadedAsync()
    {
        ShellResult result = await FreshPowerShell.RunAsync($"""
            Import-Module '{Path.Combine(_module, "GroupExport.psd1")}'
            (Get-Command Save-ExportFiles).Parameters['Validation'].ParameterType.Assembly.Location
            """);
        Assert.Equal("", result.Errors);
        return result.Output.Trim();
    }
}
