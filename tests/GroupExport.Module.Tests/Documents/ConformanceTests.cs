using System.Net;
using System.Text.RegularExpressions;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Documents;

/// <summary>The table of conformance names tests: each of them is there, by its class and name, or by its file and sentence.</summary>
public sealed partial class ConformanceTests
{
    private static readonly string s_tests = Path.Combine(BuildFacts.RepositoryRoot, "tests");
    private static readonly string s_table = File.ReadAllText(Path.Combine(BuildFacts.RepositoryRoot, "docs", "conformance.md"));

    [Fact]
    public void The_tests_in_code_are_there()
    {
        string[] sources = [.. Sources("*.cs")];
        string[] named = [.. CodeTest().Matches(s_table).Select(match => $"{match.Groups["class"].Value}.{match.Groups["name"].Value}").Distinct().Where(name => name != "Class.Test_name")];

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(sources, source => Holds(source, name.Split('.'))));
    }

    [Fact]
    public void The_acceptance_tests_are_there()
    {
        (string File, string Sentence)[] named = [.. AcceptanceTests().Matches(s_table)
            .SelectMany(match => Sentence().Matches(match.Groups["sentences"].Value).Select(sentence => (match.Groups["file"].Value, WebUtility.HtmlDecode(sentence.Groups["text"].Value))))];

        Assert.NotEmpty(named);
        Assert.All(named, test => Assert.Contains(Sources(test.File), source => source.Replace("''", "'").Contains($"'{test.Sentence}'", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Sources(string pattern) => Directory.EnumerateFiles(s_tests, pattern, SearchOption.AllDirectories).Select(File.ReadAllText);

    private static bool Holds(string source, string[] name) =>
        Regex.IsMatch(source, $@"\bclass {name[0]}\b") && Regex.IsMatch(source, $@"\b(void|Task) {name[1]}\(");

    [GeneratedRegex(@"`(?:\w+/)?(?<class>\w+)\.(?<name>[A-Z][A-Za-z0-9]*_\w+)`")]
    private static partial Regex CodeTest();

    [GeneratedRegex(@"(?<file>[\w-]+\.Tests\.ps1)(?<sentences>(?: ""[^""]+"",?)+)")]
    private static partial Regex AcceptanceTests();

    [GeneratedRegex(@"""(?<text>[^""]+)""")]
    private static partial Regex Sentence();
}
