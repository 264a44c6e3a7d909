using System.Text;
using GroupExport.Http;
using GroupExport.Manifests;

namespace GroupExport.Tests.Manifests;

/// <summary>Which file goes on with the last block of another, in organized output.</summary>
public sealed class ContinuationTests
{
    private static readonly ServerUrl s_status = ServerUrl.Of("https://fhir.example.org/r4/status/1");

    [Theory]
    [InlineData("https://files.example.org/out/b.ndjson?sig=2", "organized.0002.ndjson")]
    [InlineData("https://files.example.org/out/b.ndjson?sig=other", "organized.0002.ndjson")]
    [InlineData("b.ndjson", "organized.0002.ndjson")]
    [InlineData("/out/c.ndjson", "organized.0003.ndjson")]
    [InlineData("d.ndjson", null)]
    [InlineData("../../etc/passwd", null)]
    [InlineData("", null)]
    public void It_is_found_by_its_URL_or_its_bare_name_on_any_page(string written, string? name)
    {
        ManifestPages pages = new(s_status);
        pages.Add(Page($$"""{"url":"https://files.example.org/out/a.ndjson?sig=1","continuesInFile":"{{written}}"},{"url":"https://files.example.org/out/b.ndjson?sig=2"}"""), s_status);
        pages.Add(Page("""{"url":"https://files.example.org/out/c.ndjson"}"""), s_status);

        Assert.Equal([name, null, null], pages.Files().Select(file => file.ContinuesIn));
    }

    [Theory]
    [InlineData("1", "organized.0002.ndjson")]
    [InlineData("3", null)]
    public void A_bare_name_that_two_files_have_means_the_one_beside_its_own(string folder, string? name)
    {
        ManifestPages pages = new(s_status);
        pages.Add(Page($$"""{"url":"https://files.example.org/{{folder}}/a","continuesInFile":"b"},{"url":"https://files.example.org/1/b"},{"url":"https://files.example.org/2/b"}"""), s_status);

        Assert.Equal([name, null, null], pages.Files().Select(file => file.ContinuesIn));
    }

    private static byte[] Page(string output) => Encoding.UTF8.GetBytes(
        $$"""{"transactionTime":"2026-11-23T00:00:00Z","requiresAccessToken":true,"outputOrganizedBy":"Patient","output":[{{output}}]}""");
}
