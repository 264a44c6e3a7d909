using System.Text.Json;

namespace GroupExport.Tests.Sandbox;

/// <summary>Faults of manifests. Read again, each manifest is right.</summary>
public sealed class ManifestFaultTests
{
    [Theory]
    [InlineData("ManifestWithoutOutput", "output", 2)]
    [InlineData("ManifestWithoutTransactionTime", "transactionTime", 2)]
    [InlineData("ManifestWithoutRequest", "request", 2)]
    [InlineData("ManifestWithoutRequiresAccessToken", "requiresAccessToken", 2)]
    [InlineData("ManifestWithoutError", "error", 2)]
    [InlineData("ManifestWithoutError", "error", 3)]
    public async Task A_field_can_be_missing(string fault, string field, int version)
    {
        using var client = new PracticeClient(PracticeClient.Fast with { Faults = [fault], SpecVersion = version });
        var manifest = await client.Export("_type=Patient");
        Assert.False(manifest.Json.TryGetProperty(field, out _));
        Assert.True((await Again(client, manifest)).TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Outcomes_of_version_4_can_be_missing_too()
    {
        using var client = new PracticeClient(PracticeClient.Fast with { Faults = ["ManifestWithoutError", "ErrorOutcome"], SpecVersion = 4 });
        var manifest = await client.Finish(await client.FhirParameters("""{"name":"_type","valueString":"Patient"}"""));
        Assert.False(manifest.Json.TryGetProperty("outcome", out _));
        Assert.True((await Again(client, manifest)).TryGetProperty("outcome", out _));
    }

    [Fact]
    public async Task The_token_rule_can_be_a_text()
    {
        using var client = With("RequiresAccessTokenAsText");
        var manifest = await client.Export("_type=Patient");
        Assert.Equal("\"false\"", manifest.Json.GetProperty("requiresAccessToken").GetRawText());
        Assert.Equal("false", (await Again(client, manifest)).GetProperty("requiresAccessToken").GetRawText());
    }

    [Fact]
    public async Task The_organizing_type_can_be_empty()
    {
        using var client = With("EmptyOrganizedBy");
        var manifest = await client.Export("_type=Patient");
        Assert.Equal("", manifest.Json.GetProperty("outputOrganizedBy").GetString());
        Assert.Equal("Patient", manifest.Output[0].Type);
        Assert.False((await Again(client, manifest)).TryGetProperty("outputOrganizedBy", out _));
    }

    [Fact]
    public async Task File_URLs_can_be_relative()
    {
        using var client = With("RelativeFileUrls");
        var manifest = await client.Export("_type=Patient&_since=2000-01-01T00:00:00Z");
        Assert.All(manifest.Output.Concat(manifest.Files("deleted")), file => Assert.StartsWith("/fhir/bulk-files/", file.Url, StringComparison.Ordinal));
        Assert.NotEmpty(await client.Lines(new Uri(manifest.Status, manifest.Output[0].Url).ToString()));
        Assert.StartsWith("http://", (await Again(client, manifest)).GetProperty("output")[0].GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_count_can_be_wrong()
    {
        using var client = With("CountMismatch");
        var manifest = await client.Export("_type=Patient,Condition");
        Assert.Equal((await client.Lines(manifest.Output[0].Url)).Count + 1, manifest.Output[0].Count);
        Assert.Equal((await client.Lines(manifest.Output[1].Url)).Count, manifest.Output[1].Count);
        Assert.Equal(manifest.Output[0].Count - 1, (await Again(client, manifest)).GetProperty("output")[0].GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Files_can_come_in_reverse()
    {
        using var client = With("ReorderedManifest");
        var manifest = await client.Export("_type=Patient,Condition");
        Assert.Equal(["Patient", "Condition"], manifest.Output.Select(file => file.Type));
        Assert.Equal("Condition", (await Again(client, manifest)).GetProperty("output")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task There_can_be_a_file_without_a_resource()
    {
        using var client = With("ExtraEmptyFile");
        var manifest = await client.Export("_type=Patient");
        Assert.Equal(2, manifest.Output.Count);
        Assert.Equal(0, manifest.Output[1].Count);
        Assert.Empty(await client.Http.GetByteArrayAsync(manifest.Output[1].Url));
        Assert.Equal(2, (await Again(client, manifest)).GetProperty("output").GetArrayLength());
        Assert.Single((await client.Export("_type=Patient")).Output);
    }

    private static PracticeClient With(string fault) => new(PracticeClient.Fast with { Faults = [fault] });

    private static async Task<JsonElement> Again(PracticeClient client, PracticeClient.Manifest manifest) =>
        JsonDocument.Parse(await client.Http.GetStringAsync(manifest.Status)).RootElement;
}
