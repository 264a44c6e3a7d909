using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Packaging;

/// <summary>The package of the staged module, made by <c>dotnet pack</c> and unzipped the way an installer does it.</summary>
public sealed class ModulePackage : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"group-export-package-{Guid.NewGuid():N}");

    /// <summary>The path of the nupkg.</summary>
    public string NupkgPath { get; private set; } = "";

    /// <summary>A folder for PSModulePath that holds this module alone.</summary>
    public string ModulePath => Path.Combine(_folder, "modules");

    /// <summary>The folder of the module in it, named by the version without a prerelease label.</summary>
    public string ModuleFolder => Path.Combine(ModulePath, "GroupExport", Nuspec["version"].Split('-')[0]);

    /// <summary>The names of the module's files in the package, with <c>/</c>.</summary>
    public IReadOnlyList<string> Files { get; private set; } = [];

    /// <summary>The fields of the nuspec.</summary>
    public IReadOnlyDictionary<string, string> Nuspec { get; private set; } = new Dictionary<string, string>();

    public async Task InitializeAsync()
    {
        NupkgPath = await PackAsync(Path.Combine(_folder, "packed"));
        using ZipArchive archive = ZipFile.OpenRead(NupkgPath);
        using (Stream nuspec = archive.GetEntry("GroupExport.nuspec")!.Open())
        {
            Nuspec = XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata")
                .Elements().ToDictionary(element => element.Name.LocalName, element => element.Value);
        }

        ZipArchiveEntry[] files = [.. archive.Entries.Where(entry => !IsPackaging(entry.FullName))];
        Files = [.. files.Select(entry => entry.FullName)];
        foreach (ZipArchiveEntry file in files)
        {
            string path = Path.Combine(ModuleFolder, file.FullName);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            file.ExtractToFile(path);
        }
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Packs what is staged into a folder.</summary>
    /// <returns>The path of the nupkg.</returns>
    public static async Task<string> PackAsync(string folder)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "pack", Path.Combine(BuildFacts.RepositoryRoot, "src", "GroupExport"), "--no-build", "--configuration", BuildFacts.Configuration,
            "-p:PackDebugBuild=true", $"-p:PackageOutputPath={folder}", "-nologo", "-nodeReuse:false",
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        return Assert.Single(Directory.GetFiles(folder, "*.nupkg"));
    }

    // What a package has besides its content, and PSResourceGet removes after installing.
    private static bool IsPackaging(string name) =>
        name is "GroupExport.nuspec" or "[Content_Types].xml" or "_rels/.rels" || name.StartsWith("package/", StringComparison.Ordinal);
}
