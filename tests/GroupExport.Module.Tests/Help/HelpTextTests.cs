using GroupExport.Help;
using GroupExport.Help.Source;

namespace GroupExport.ModuleTests.Help;

/// <summary>How Markdown looks as a topic: plain text of 80 columns.</summary>
public sealed class HelpTextTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("group-export-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Paragraphs_are_wrapped_and_lose_their_marks() => AssertLines(
        """
        The `-Wait` parameter *waits* until the export has ended, as **long** as that
        takes; [the standard](https://hl7.org/fhir/uv/bulkdata/) and [this](about_Sample.md) say more.
        """,
        "    The -Wait parameter waits until the export has ended, as long as that takes;",
        "    the standard (https://hl7.org/fhir/uv/bulkdata/) and this say more.");

    [Fact]
    public void Lists_keep_their_items_and_levels() => AssertLines(
        """
        - One item that is so long that it does not fit into the eighty columns of a page.
        - Two
          1. inner
          2. next
        """,
        "    - One item that is so long that it does not fit into the eighty columns of a",
        "      page.",
        "    - Two",
        "      1. inner",
        "      2. next");

    [Fact]
    public void Code_stands_in_and_is_not_wrapped() => AssertLines(
        """
        ```powershell
        if ($x) {

            'y'
        }
        ```
        """,
        "        if ($x) {",
        "",
        "            'y'",
        "        }");

    [Fact]
    public void A_narrow_table_has_columns() => AssertLines(
        """
        | State | Meaning |
        | --- | --- |
        | `Complete` | all is there |
        | `Empty` | nothing came |
        """,
        "    State     Meaning",
        "    -----     -------",
        "    Complete  all is there",
        "    Empty     nothing came");

    [Fact]
    public void A_wide_table_goes_row_by_row() => AssertLines(
        """
        | Id | Cause | Cure |
        | --- | --- | --- |
        | `NoConnection` | There is no connection in this runspace. | Connect with Connect-GroupExport, in this very runspace. |
        | `Other` | | Think. |
        """,
        "    NoConnection",
        "      Cause: There is no connection in this runspace.",
        "      Cure: Connect with Connect-GroupExport, in this very runspace.",
        "",
        "    Other",
        "      Cure: Think.");

    private void AssertLines(string markdown, params string[] expected)
    {
        File.WriteAllText(
            Path.Combine(_folder, "about_Sample.md"),
            $"# about_Sample\n\n## SHORT DESCRIPTION\n\nA sample.\n\n## LONG DESCRIPTION\n\n{markdown}\n\n### Part\n\nText.\n\n## SEE ALSO\n\n- [about_Sample](about_Sample.md)\n");
        Findings findings = new();

        AboutTopic topic = Assert.Single(HelpSource.Read(_folder, findings).Topics);

        Assert.Empty(findings.All);
        Assert.Equal(
            ["TOPIC", "    about_Sample", "", "SHORT DESCRIPTION", "    A sample.", "", "LONG DESCRIPTION", .. expected, "", "  Part", "", "    Text.", "", "SEE ALSO", "    - about_Sample"],
            topic.Lines);
    }
}
