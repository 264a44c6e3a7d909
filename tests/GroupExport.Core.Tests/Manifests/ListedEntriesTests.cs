using System.Text;
using GroupExport.Http;
using GroupExport.Manifests;

namespace GroupExport.Tests.Manifests;

/// <summary>Entries that list one URL several times, or none.</summary>
public sealed class ListedEntriesTests
{
    [Theory]
    [InlineData("""{"type":"Patient","url":"/a","count":3},{"type":"Patient","url":"/a","count":3}""", "Patient.0001 /a 3 x2")]
    [InlineData("""{"type":"Patient","url":"/a"},{"type":"Patient","url":"/b"},{"type":"Patient","url":"/a","count":5}""", "Patient.0001 /a 5 x2, Patient.0002 /b  x1")]
    [InlineData("""{"type":"Patient","url":"/a?s=1"},{"type":"Patient","url":"/a?s=2"}""", "Patient.0001 /a?s=1  x1, Patient.0002 /a?s=2  x1")]
    [InlineData("""{"type":"Patient","url":"/a"},{"type":"Observation","url":"/a"}""", "Patient.0001   x2 !")]
    [InlineData("""{"type":"Patient","url":"/a"},{"type":"Observation","count":0},{"type":"Patient","url":"/b"}""", "Patient.0001 /a  x1, Patient.0002 /b  x1")]
    [InlineData("""{"type":"Observation","url":null,"count":0}""", "")]
    [InlineData("""{"type":"Observation","url":"","count":"0"}""", "")]
    [InlineData("""{"type":"Observation","count":7}""", "Observation.0001  7 x1 !")]
    [InlineData("""{"type":"Observation"},{"type":"Observation","url":7}""", "Observation.0001   x1 !, Observation.0002   x1 !")]
    public void Entries_become_files(string output, string files) => Assert.Equal(files, string.Join(", ", Pages(output).Files().Select(Shown)));

    [Fact]
    public void The_same_URL_as_data_and_as_message_is_one_file_that_cannot_be_downloaded()
    {
        NamedEntry file = Assert.Single(Pages("""{"type":"Patient","url":"/a"}""", """{"type":"OperationOutcome","url":"/a"}""").Files());

        Assert.Contains("different kinds or types", file.Fault);
    }

    [Fact]
    public void Types_with_a_count_of_zero_and_no_URL_are_known_to_be_empty() =>
        Assert.Equal(["Observation"], Pages("""{"type":"Patient","url":"/a"},{"type":"Observation","count":0},{"type":"Device","count":1},{"count":0}""").EmptyTypes());

    private static string Shown(NamedEntry file) =>
        $"{file.Name.Replace(".ndjson", "", StringComparison.Ordinal)} {file.Entry.Url?.Uri.PathAndQuery} {file.Entry.Count} x{file.Listed}{(file.Fault is null ? "" : " !")}";

    private static ManifestPages Pages(string output, string error = "")
    {
        ServerUrl root = ServerUrl.Of("https://x.example/status");
        ManifestPages pages = new(root);
        pages.Add(Encoding.UTF8.GetBytes($$"""{"output":[{{output}}],"error":[{{error}}]}"""), root);
        return pages;
    }
}
