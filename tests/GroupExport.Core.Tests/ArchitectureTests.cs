using System.Text.RegularExpressions;

namespace GroupExport.Tests;

/// <summary>The one-way order of the engine's folders.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>What each folder may use, directly or not. Errors and Events are in the root namespace, for all.</summary>
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Audit"] = ["Disk", "Files", "Jobs", "Manifests", "Requests", "Connections", "Authorization", "Http", "Fhir", "Json"],
        ["Checks"] = ["Connections", "Authorization", "Http", "Fhir", "Json"],
        ["Files"] = ["Disk", "Jobs", "Manifests", "Requests", "Connections", "Authorization", "Http", "Fhir", "Json", "Ndjson"],
        ["Import"] = ["Files", "Jobs", "Fhir", "Ndjson", "Json"],
        ["Jobs"] = ["Disk", "Manifests", "Requests", "Connections", "Authorization", "Http", "Fhir", "Json"],
        ["Manifests"] = ["Connections", "Authorization", "Http", "Fhir", "Json"],
        ["Requests"] = ["Connections", "Authorization", "Http", "Fhir", "Json"],
        ["Connections"] = ["Authorization", "Http", "Fhir", "Json"],
        ["Authorization"] = ["Http", "Fhir", "Json"],
        ["Http"] = ["Fhir", "Json"],
        ["Fhir"] = ["Json"],
        ["Json"] = [],
        ["Ndjson"] = [],
        ["Disk"] = [],
        ["Errors"] = [],
        ["Events"] = [],
    };

    public static TheoryData<string> Folders => [.. s_allowed.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_only_those_below_it(string folder)
    {
        string[] files = Directory.GetFiles(Path.Combine(Core(), folder), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            string text = File.ReadAllText(file);
            IEnumerable<string> used = Uses().Matches(text).Select(match => match.Groups[1].Value).Where(name => name != folder);
            Assert.All(used, name => Assert.True(s_allowed[folder].Contains(name), $"{Path.GetFileName(file)} in {folder} uses {name}"));

            string expected = folder is "Errors" or "Events" ? "namespace GroupExport;" : $"namespace GroupExport.{folder};";
            Assert.Contains(expected, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_folder_has_its_place()
    {
        IEnumerable<string> folders = Directory.GetDirectories(Core()).Select(path => Path.GetFileName(path)).Where(name => name is not ("bin" or "obj"));

        Assert.Equal(s_allowed.Keys.Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_engine_knows_nothing_of_PowerShell_and_the_sandbox()
    {
        IEnumerable<string?> references = typeof(ExportException).Assembly.GetReferencedAssemblies().Select(name => name.Name);

        Assert.DoesNotContain(references, name => name is "System.Management.Automation" or "GroupExport" or "GroupExport.Sandbox");
    }

    /// <summary>Elsewhere a URI is made of what the user or this module wrote, never of what a server sent.</summary>
    [Fact]
    public void Only_one_type_makes_URIs_of_what_servers_send()
    {
        string[] own =
        [
            "ServerUrl.cs", "AssociatedData.cs", "ConnectionChecks.cs", "ConnectionSettings.cs", "KickOffUri.cs", "SmartConfiguration.cs", "VersionInquiry.cs",
        ];
        foreach (string file in Directory.GetFiles(Core(), "*.cs", SearchOption.AllDirectories).Where(file => !own.Contains(Path.GetFileName(file)) && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            Assert.DoesNotMatch(UriMaking(), File.ReadAllText(file));
        }

        Assert.DoesNotMatch(TypedLocation(), string.Concat(Directory.GetFiles(Core(), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)));
    }

    /// <summary>Searched for upwards from the test assembly: a deterministic build forgets where its sources were.</summary>
    private static string Core()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GroupExport.sln")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, "src", "GroupExport.Core");
    }

    [GeneratedRegex(@"^using (?:static |\w+ = )?GroupExport\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Uses();

    [GeneratedRegex(@"new Uri\(|new UriBuilder|Uri\.TryCreate\(|\.GetComponents\(|\.GetLeftPart\(")]
    private static partial Regex UriMaking();

    /// <summary>The properties that parse a header into a canonical Uri.</summary>
    [GeneratedRegex(@"Headers\.(Content)?Location\b")]
    private static partial Regex TypedLocation();
}
