using System.Text.RegularExpressions;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Errors;

/// <summary>The topic about_GroupExport_Troubleshooting and the errors that the module has.</summary>
public sealed partial class TroubleshootingTests : IDisposable
{
    private static readonly string s_folder = Path.Combine(BuildFacts.RepositoryRoot, "docs", "en-US");

    private readonly EngineRunspace _engine = new();
    private readonly string _topic = ReadText(Path.Combine(s_folder, "about_GroupExport_Troubleshooting.md"));

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Every_id_stands_there_with_its_category_and_no_other_does()
    {
        Dictionary<string, string> known = new(ErrorTable.Read(_engine).Categories) { [ErrorTable.Unexpected] = "NotSpecified" };

        Assert.Equal(
            known.Select(row => $"{row.Key}: {row.Value}").Order(),
            Entries().Select(entry => $"{entry.Id}: {entry.Category}").Order());
    }

    [Fact]
    public void Ids_stand_in_the_order_in_which_they_are_looked_up()
    {
        string[] ids = [.. Entries().Select(entry => entry.Id)];

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    /// <summary>An id without its lines would be no entry, and so not be missed by the comparison of entries alone.</summary>
    [Fact]
    public void Every_heading_that_is_an_id_has_category_cause_cure_and_what_a_runbook_does()
    {
        string[] headings = [.. Headings().Matches(_topic).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(headings);
        Assert.Equal(headings, Entries().Select(entry => entry.Id));
    }

    [Fact]
    public void What_a_runbook_does_is_one_of_the_words_that_the_topic_explains_and_each_is_used()
    {
        string[] explained = [.. Actions().Matches(_topic).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(explained);
        Assert.Equal(explained.Order(), Entries().Select(entry => entry.Runbook).Distinct().Order());
    }

    [Fact]
    public void What_the_runbook_of_the_help_tries_again_is_what_passes_by_itself()
    {
        string runbooks = ReadText(Path.Combine(s_folder, "about_GroupExport_Runbooks.md"));
        string[] later = [.. Quoted().Matches(Later().Match(runbooks).Value).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(later);
        Assert.Subset(Entries().Where(entry => entry.Runbook == "retry").Select(entry => entry.Id).ToHashSet(), later.ToHashSet());
    }

    [Fact]
    public void No_page_of_the_help_names_an_error_that_there_is_not()
    {
        IReadOnlySet<string> known = ErrorTable.Read(_engine).Kinds;
        (string Page, string Id)[] named =
        [
            .. Directory.GetFiles(s_folder, "*.md")
                .SelectMany(path => NamedErrors().Matches(ReadText(path)).Select(match => (Path.GetFileName(path), match.Groups[1].Value + match.Groups[2].Value))),
        ];

        Assert.NotEmpty(named);
        Assert.All(named, error => Assert.True(known.Contains(error.Id), $"{error.Page} names {error.Id}"));
    }

    private IEnumerable<(string Id, string Category, string Runbook)> Entries() =>
        Entry().Matches(_topic).Select(match => (match.Groups["id"].Value, match.Groups["category"].Value, match.Groups["runbook"].Value));

    private static string ReadText(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");

    [GeneratedRegex(@"^### (?<id>\w+)\n\n- Category: (?<category>\w+)\n- Cause: [A-Z].+\.\n- Cure: [A-Z`].+\.\n- Runbook: (?<runbook>\w+)\n\n", RegexOptions.Multiline)]
    private static partial Regex Entry();

    /// <summary>Words written like ids; all other headings are of several words.</summary>
    [GeneratedRegex(@"^### ([A-Za-z]+)\n", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"^- `([a-z]+)`: ", RegexOptions.Multiline)]
    private static partial Regex Actions();

    [GeneratedRegex(@"\$later = [^$]+")]
    private static partial Regex Later();

    [GeneratedRegex("'(\\w+)'")]
    private static partial Regex Quoted();

    /// <summary>"the error WaitTimeout", "the error is NoConnection", and ids before the comma of a FullyQualifiedErrorId.</summary>
    [GeneratedRegex(@"\berrors?(?: is)?(?: then)? ([A-Z][a-z]+(?:[A-Z][a-z]*)+)\b|'([A-Z][A-Za-z]+),\*'")]
    private static partial Regex NamedErrors();
}
