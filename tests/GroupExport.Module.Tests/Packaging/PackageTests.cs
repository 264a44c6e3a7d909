using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Packaging;

/// <summary>The package holds the staged module, says what the manifest says, and works where nothing else is.</summary>
public sealed partial class PackageTests(ModulePackage package) : IClassFixture<ModulePackage>
{
    // The Gallery cuts a package's tags here.
    private const int LongestTags = 4000;

    private static readonly string s_staged = Path.GetDirectoryName(BuildFacts.StagedModule)!;

    [Fact]
    public async Task The_quickstart_runs_from_the_unzipped_package_alone()
    {
        string quickstart = Path.Combine(BuildFacts.RepositoryRoot, "samples", "quickstart.ps1");

        ShellResult result = await FreshPowerShell.RunAsync($"""
            $env:PSModulePath = '{package.ModulePath}'
            Import-Module GroupExport
            & '{quickstart}'
            "module: $((Get-Module GroupExport).ModuleBase)"
            """);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("as many as the manifest says", result.Output);
        Assert.Equal($"module: {package.ModuleFolder}", result.OutputLines[^1]);
    }

    [Fact]
    public void Every_staged_file_is_in_the_package_as_it_is_and_nothing_else() =>
        Assert.Equal(Contents(s_staged), Contents(package.ModuleFolder));

    [Fact]
    public void It_holds_no_symbols_and_no_documentation_of_code()
    {
        Assert.NotEmpty(package.Files);
        Assert.DoesNotContain(package.Files, name => name.EndsWith(".pdb", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(package.Files, name => name.StartsWith("bin/", StringComparison.Ordinal) && !name.EndsWith(".dll", StringComparison.Ordinal));
    }

    [Fact]
    public void DLLs_are_native_code_only_in_the_folders_of_platforms()
    {
        string[] dlls = [.. package.Files.Where(name => name.EndsWith(".dll", StringComparison.Ordinal))];
        string[] native = [.. dlls.Where(name => HasNativeCode(Path.Combine(package.ModuleFolder, name)))];
        string[] copies = [.. dlls.Where(name => name.Count(letter => letter == '/') == 3)];

        Assert.Equal(copies.Where(name => name.StartsWith("bin/deps/", StringComparison.Ordinal)), native);
        Assert.All(copies, name => Assert.Contains($"bin/deps/{Path.GetFileName(name)}", dlls));
        if (BuildFacts.Configuration == "Release")
        {
            Assert.Equal(["linux-arm64", "linux-x64", "osx-arm64", "win-x64"], copies.Select(name => name.Split('/')[2]).Distinct().Order(StringComparer.Ordinal));
            Assert.All(copies.GroupBy(name => name.Split('/')[2]), platform => Assert.Contains("GroupExport.Core.dll", platform.Select(Path.GetFileName)));
        }
    }

    [Fact]
    public async Task Packing_again_gives_the_same_bytes()
    {
        string folder = Path.Combine(package.ModulePath, "..", "again");

        string again = await ModulePackage.PackAsync(folder);

        Assert.Equal(Hash(package.NupkgPath), Hash(again));
    }

    [Theory]
    [InlineData("id", "Name")]
    [InlineData("authors", "Author")]
    [InlineData("owners", "CompanyName")]
    [InlineData("description", "Description")]
    [InlineData("copyright", "Copyright")]
    [InlineData("licenseUrl", "LicenseUri")]
    [InlineData("projectUrl", "ProjectUri")]
    [InlineData("iconUrl", "IconUri")]
    public void The_nuspec_says_what_the_manifest_says(string field, string property)
    {
        using EngineRunspace engine = new();

        EngineRun run = engine.Run($"(Test-ModuleManifest '{BuildFacts.StagedModule}').{property}.ToString()");

        Assert.Equal(run.AssertNoErrors().Output.Single().ToString(), package.Nuspec[field]);
    }

    [Fact]
    public void The_version_is_that_of_the_manifest_with_its_prerelease_label()
    {
        using EngineRunspace engine = new();

        EngineRun run = engine.Run($$"""
            $module = Test-ModuleManifest '{{BuildFacts.StagedModule}}'
            $label = $module.PrivateData.PSData.Prerelease
            if ($label) { "$($module.Version)-$label" } else { "$($module.Version)" }
            """);

        Assert.Equal(run.AssertNoErrors().Output.Single().ToString(), package.Nuspec["version"]);
    }

    [Fact]
    public void The_tags_name_every_command_as_the_Gallery_looks_for_it()
    {
        using EngineRunspace engine = new();
        EngineRun run = engine.Run($$"""
            $module = Test-ModuleManifest '{{BuildFacts.StagedModule}}'
            'PSModule', 'PSIncludes_Cmdlet'
            $module.Tags
            $module.ExportedCmdlets.Keys | ForEach-Object { "PSCmdlet_$_" }
            $module.ExportedCommands.Keys | ForEach-Object { "PSCommand_$_" }
            """);
        string[] tags = package.Nuspec["tags"].Split(' ');

        Assert.Contains("PSEdition_Core", tags);
        Assert.Equal(run.AssertNoErrors().Output.Select(tag => tag.ToString()).Order(StringComparer.Ordinal), tags.Order(StringComparer.Ordinal));
        Assert.InRange(package.Nuspec["tags"].Length, 1, LongestTags);
    }

    [Fact]
    public void The_release_notes_are_this_versions_section_of_the_changelog()
    {
        string changelog = File.ReadAllText(Path.Combine(BuildFacts.RepositoryRoot, "CHANGELOG.md")).ReplaceLineEndings("\n");
        string notes = package.Nuspec["releaseNotes"].ReplaceLineEndings("\n");

        string[] sections = changelog.Split("\n## ");
        string section = Assert.Single(sections, text => text.StartsWith(package.Nuspec["version"].Split('-')[0] + " ", StringComparison.Ordinal));
        Assert.Equal(section[section.IndexOf('\n')..].Trim(), notes.Trim());
    }

    [Fact]
    public void Every_DLL_of_others_stands_in_the_notices_with_a_licence_whose_text_is_there()
    {
        Assert.Contains("LICENSE", package.Files);
        string notices = File.ReadAllText(Path.Combine(s_staged, "THIRD-PARTY-NOTICES.md")).ReplaceLineEndings("\n");
        Dictionary<string, (string Package, string Licence)> rows = NoticeRow().Matches(notices)
            .ToDictionary(row => row.Groups["dll"].Value, row => (row.Groups["package"].Value, row.Groups["licence"].Value));
        string[] foreign = [.. package.Files.Where(name => name.EndsWith(".dll", StringComparison.Ordinal))
            .Select(name => Path.GetFileName(name)).Where(name => !name.StartsWith("GroupExport", StringComparison.Ordinal)).Distinct()];

        Assert.Equal(foreign.Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        string[] sections = notices.Split("\n## ")[1..];
        Assert.All(rows.Values, row =>
        {
            string section = Assert.Single(sections, text => Names(text[..text.IndexOf('\n')]).Any(name => name.IsMatch(row.Package)));
            Assert.Contains($"({row.Licence})\n", section);
            Assert.Contains(row.Licence == "MIT" ? "Permission is hereby granted" : "Redistributions in binary form must reproduce", section);
            Assert.Contains("Copyright (c)", section);
        });
    }

    private static bool HasNativeCode(string path)
    {
        using PEReader image = new(File.OpenRead(path));
        return image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }

    // "A.B, A.C.* (MIT)" as patterns.
    private static IEnumerable<Regex> Names(string heading) =>
        heading[..heading.LastIndexOf('(')].Split(',', StringSplitOptions.TrimEntries)
            .Select(name => new Regex($"^{Regex.Escape(name).Replace(@"\*", ".*", StringComparison.Ordinal)}$"));

    private static SortedDictionary<string, string> Contents(string folder)
    {
        SortedDictionary<string, string> contents = new(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            contents.Add(Path.GetRelativePath(folder, path), Hash(path));
        }

        return contents;
    }

    private static string Hash(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));

    [GeneratedRegex(@"^\| (?<dll>\S+\.dll) \| (?<package>\S+) \| (?<licence>\S+) \| \S.* \|$", RegexOptions.Multiline)]
    private static partial Regex NoticeRow();
}
