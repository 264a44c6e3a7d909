using System.Text;
using GroupExport.Http;
using GroupExport.Manifests;

namespace GroupExport.Tests.Manifests;

/// <summary>Manifests of all versions, and those that servers send in their stead.</summary>
public sealed class ManifestReaderTests
{
    private static readonly ServerUrl s_source = ServerUrl.Of("https://fhir.example.org/jobs/1/status?x=1");

    [Fact]
    public void Version_2_lists_output_deleted_and_error_files()
    {
        ExportManifest manifest = Read("""
            {
              "transactionTime": "2021-01-01T00:00:00.5+01:00",
              "request": "https://example.com/fhir/Group/1/$export?_type=Patient,Observation",
              "requiresAccessToken": true,
              "output": [{"type":"Patient","url":"https://files.example.org/p1","count":10}, {"type":"Observation","url":"https://files.example.org/o1"}],
              "deleted": [{"type":"Bundle","url":"https://files.example.org/d1","count":1}],
              "error": [{"type":"OperationOutcome","url":"https://files.example.org/e1"}],
              "extension": {"https://example.com/extra-property": true}
            }
            """);

        Assert.Equal("2021-01-01T00:00:00.5+01:00", manifest.TransactionTime);
        Assert.True(manifest.RequiresAccessToken);
        Assert.Null(manifest.OutputOrganizedBy);
        Assert.Null(manifest.Next);
        ManifestEntry[] expected =
        [
            new(FileKind.Output, "Patient", ServerUrl.Of("https://files.example.org/p1"), 10, null, 1, 0),
            new(FileKind.Output, "Observation", ServerUrl.Of("https://files.example.org/o1"), null, null, 1, 1),
            new(FileKind.Deleted, "Bundle", ServerUrl.Of("https://files.example.org/d1"), 1, null, 1, 0),
            new(FileKind.Error, "OperationOutcome", ServerUrl.Of("https://files.example.org/e1"), null, null, 1, 0),
        ];
        Assert.Equal(expected, manifest.Entries);
    }

    [Fact]
    public void Version_3_is_organized_by_a_type_and_goes_on_at_a_link()
    {
        ExportManifest manifest = Read("""
            {
              "transactionTime": "2021-01-01T00:00:00Z", "requiresAccessToken": false, "outputOrganizedBy": "Patient",
              "output": [{"url":"https://x.example/2","continuesInFile":"https://x.example/3"},{"url":"https://x.example/3"}],
              "deleted": [], "error": [],
              "link": [{"relation":"self","url":"https://x.example/1"},{"relation":"next","url":"https://x.example/page2"}]
            }
            """);

        Assert.Equal("Patient", manifest.OutputOrganizedBy);
        Assert.False(manifest.RequiresAccessToken);
        Assert.Equal(ServerUrl.Of("https://x.example/page2"), manifest.Next);
        Assert.Equal(2, manifest.Entries.Count);
        Assert.All(manifest.Entries, entry => Assert.Null(entry.Type));
    }

    [Fact]
    public void Version_4_has_outcome_files_sizes_and_no_types_beside_output()
    {
        ExportManifest manifest = Read("""
            {
              "manifestType": "http://hl7.org/fhir/uv/bulkdata/StructureDefinition/BulkDataManifest",
              "transactionTime": "2021-01-01T00:00:00Z", "requiresAccessToken": true, "outputFormat": "application/fhir+ndjson",
              "output": [{"type":"Patient","url":"https://x.example/p","count":10,"fileSize":5000000000}],
              "deleted": [{"url":"https://x.example/d","count":1,"fileSize":99}],
              "outcome": [{"url":"https://x.example/o","count":2,"filesize":88,"countSeverity":[{"code":"error","count":1}]}],
              "extension": [{"url":"http://example.org/x","valueBoolean":true}]
            }
            """);

        Assert.Equal([FileKind.Output, FileKind.Deleted, FileKind.Error], manifest.Entries.Select(entry => entry.Kind));
        Assert.Equal([5000000000L, 99, 88], manifest.Entries.Select(entry => entry.FileSize));
        Assert.Equal([10L, 1, 2], manifest.Entries.Select(entry => entry.Count));
    }

    [Fact]
    public void A_manifest_that_comes_wrapped_in_Meta_is_a_manifest_and_its_log_ids_are_kept()
    {
        ExportManifest manifest = Read("""
            {
              "Meta": {"DataModel":"FHIR Bulk Data Access","EventType":"group-export-response","Logs":[{"ID":"log-1","AttemptID":"a"},{"AttemptID":"b"}]},
              "transactionTime": "2021-01-01T00:00:00Z", "requiresAccessToken": true, "output": [{"type":"Patient","url":"https://x.example/p"}]
            }
            """);

        Assert.Equal(["log-1"], manifest.RedoxLogIds);
        Assert.Single(manifest.Entries);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("\"true\"", true)]
    [InlineData("\"false\"", false)]
    [InlineData("\"True\"", true)]
    [InlineData("null", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"yes\"", null)]
    [InlineData("1", null)]
    public void The_access_token_is_required_forbidden_or_not_spoken_of(string written, bool? expected)
    {
        Assert.Equal(expected, Read($$"""{"requiresAccessToken":{{written}},"output":[]}""").RequiresAccessToken);
    }

    [Theory]
    [InlineData("\"output\":null")]
    [InlineData("\"output\":[]")]
    [InlineData("\"output\":null,\"deleted\":null,\"error\":null,\"outcome\":null,\"link\":null")]
    [InlineData("\"requiresAccessToken\":true")]
    [InlineData("\"transactionTime\":\"2021-01-01T00:00:00Z\"")]
    [InlineData("\"output\":[],\"outputOrganizedBy\":\"\",\"link\":{}")]
    public void Absent_null_and_empty_arrays_are_an_export_without_files(string fields)
    {
        ExportManifest manifest = Read("{" + fields + "}");

        Assert.Empty(manifest.Entries);
        Assert.Empty(manifest.RedoxLogIds);
        Assert.Null(manifest.Next);
        Assert.Null(manifest.OutputOrganizedBy);
    }

    [Theory]
    [InlineData("files/1.ndjson", "https://fhir.example.org/jobs/1/files/1.ndjson")]
    [InlineData("/files/1.ndjson", "https://fhir.example.org/files/1.ndjson")]
    [InlineData("../2", "https://fhir.example.org/jobs/2")]
    [InlineData("//cdn.example.org/1", "https://cdn.example.org/1")]
    [InlineData("https://s3.example.org/f?X-Sig=a%2Bb%3D&x=%7C", "https://s3.example.org/f?X-Sig=a%2Bb%3D&x=%7C")]
    public void URLs_are_resolved_against_the_manifests_own_and_signatures_stay(string written, string expected)
    {
        Assert.Equal(expected, Assert.Single(Read($$"""{"output":[{"type":"Patient","url":"{{written}}"}]}""").Entries).Url!.Text);
    }

    [Theory]
    [InlineData("12", 12L)]
    [InlineData("\"12\"", 12L)]
    [InlineData("0", 0L)]
    [InlineData("null", null)]
    [InlineData("\"many\"", null)]
    [InlineData("1.5", null)]
    [InlineData("{}", null)]
    public void A_count_is_a_number_or_unknown(string written, long? expected)
    {
        Assert.Equal(expected, Assert.Single(Read($$"""{"output":[{"url":"https://x.example/p","count":{{written}}}]}""").Entries).Count);
    }

    [Theory]
    [InlineData("{\"output\":[{\"type\":\"Patient\"}]}")]
    [InlineData("{\"output\":[{\"url\":\"\"}]}")]
    [InlineData("{\"output\":[{\"url\":7}]}")]
    [InlineData("{\"output\":{}}")]
    public void An_entry_without_a_URL_is_an_entry_all_the_same(string body) => Assert.Null(Assert.Single(Read(body).Entries).Url);

    [Theory]
    [InlineData("")]
    [InlineData("<html></html>")]
    [InlineData("[]")]
    [InlineData("\"manifest\"")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"resourceType\":\"OperationOutcome\",\"issue\":[]}")]
    [InlineData("{\"output\":[\"https://x.example/p\"]}")]
    [InlineData("{\"output\":[null]}")]
    [InlineData("{\"output\":\"none\"}")]
    [InlineData("{\"output\":[]")]
    public void What_is_no_manifest_is_an_error_and_never_an_empty_export(string body)
    {
        ExportException failure = Assert.Throws<ExportException>(() => Read(body));

        Assert.Equal(ExportErrorKind.InvalidManifest, failure.Kind);
        Assert.DoesNotContain("x.example", failure.Message, StringComparison.Ordinal);
    }

    private static ExportManifest Read(string json) => ManifestReader.Read(Encoding.UTF8.GetBytes(json), s_source, 1);
}
