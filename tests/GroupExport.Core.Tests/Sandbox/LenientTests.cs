using System.Net;

namespace GroupExport.Tests.Sandbox;

/// <summary><c>handling=lenient</c>, and the files that tell what the server has to say.</summary>
public sealed class LenientTests
{
    private const string Lenient = "respond-async, handling=lenient";

    [Theory]
    [InlineData(2, "error")]
    [InlineData(3, "error")]
    public async Task What_is_passed_over_is_told_of_in_the_manifest(int version, string array)
    {
        using var client = new PracticeClient(PracticeClient.Fast with { SpecVersion = version });
        using var kickOff = await client.Preferring(Lenient, "_type=Patient,Nonsense&_since=soon&colour=red");
        Assert.Equal("respond-async, handling=lenient", kickOff.Headers.GetValues("Preference-Applied").Single());
        var manifest = await client.Finish(kickOff);
        Assert.Equal("Patient", Assert.Single(manifest.Output).Type);
        var file = Assert.Single(manifest.Files(array));
        Assert.Equal(("OperationOutcome", 3), (file.Type, file.Count));
        var outcomes = await client.Lines(file.Url);
        Assert.All(outcomes, outcome => Assert.Equal("warning", outcome.GetProperty("issue")[0].GetProperty("severity").GetString()));
        Assert.Equal(["colour", "_since", "_type"], outcomes.Select(outcome => outcome.GetProperty("issue")[0].GetProperty("expression")[0].GetString()));
    }

    [Fact]
    public async Task Version_4_counts_severities_of_outcomes_without_a_type()
    {
        using var client = new PracticeClient(PracticeClient.Fast with { SpecVersion = 4 });
        using var kickOff = await client.Preferring(Lenient, body: """{"resourceType":"Parameters","parameter":[{"name":"_type","valueString":"Patient,Observation"}]}""");
        var manifest = await client.Finish(kickOff);
        Assert.False(manifest.Json.TryGetProperty("error", out _));
        var outcome = Assert.Single(manifest.Json.GetProperty("outcome").EnumerateArray());
        Assert.Equal(["url", "count", "fileSize", "countSeverity"], outcome.EnumerateObject().Select(property => property.Name));
        Assert.Equal("""[{"code":"warning","count":1}]""", outcome.GetProperty("countSeverity").GetRawText());
    }

    [Fact]
    public async Task Nothing_wrong_leaves_no_message()
    {
        using var client = new PracticeClient();
        using var kickOff = await client.Preferring(Lenient, "_type=Patient");
        Assert.Empty((await client.Finish(kickOff)).Files("error"));
    }

    [Theory]
    [InlineData("""{"name":"patient","valueReference":{"reference":"Patient/nobody"}}""")]
    [InlineData("""{"name":"patient","valueString":"Patient/patient-0001"}""")]
    [InlineData("\"nonsense\"")]
    public async Task A_patient_and_a_broken_body_are_never_passed_over(string parameter)
    {
        using var client = new PracticeClient();
        using var answer = await client.Preferring(Lenient, body: $$"""{"resourceType":"Parameters","parameter":[{{parameter}}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("InformationalOutcome", "information")]
    [InlineData("ErrorOutcome", "error")]
    public async Task The_server_can_have_something_to_say(string fault, string severity)
    {
        using var client = new PracticeClient(PracticeClient.Fast with { Faults = [fault] });
        var file = Assert.Single((await client.Export("_type=Patient")).Files("error"));
        Assert.Equal(severity, Assert.Single(await client.Lines(file.Url)).GetProperty("issue")[0].GetProperty("severity").GetString());
        Assert.Empty((await client.Export("_type=Patient")).Files("error"));
    }

    [Fact]
    public async Task Since_brings_made_up_deletions_several_to_a_Bundle()
    {
        using var client = new PracticeClient();
        Assert.Empty((await client.Export("_type=Patient")).Files("deleted"));
        Assert.Empty((await client.Export("_type=Patient&_since=2099-01-01T00:00:00Z")).Files("deleted"));
        var file = Assert.Single((await client.Export("_type=Patient&_since=2000-01-01T00:00:00Z")).Files("deleted"));
        Assert.Equal(("Bundle", 2), (file.Type, file.Count));
        var bundles = await client.Lines(file.Url);
        Assert.All(bundles, bundle => Assert.Equal(("Bundle", "transaction"), (bundle.GetProperty("resourceType").GetString(), bundle.GetProperty("type").GetString())));
        Assert.Equal([3, 2], bundles.Select(bundle => bundle.GetProperty("entry").GetArrayLength()));
        var requests = bundles.SelectMany(bundle => bundle.GetProperty("entry").EnumerateArray()).Select(entry => entry.GetProperty("request")).ToList();
        Assert.All(requests, request => Assert.Equal("DELETE", request.GetProperty("method").GetString()));
        Assert.Equal(Enumerable.Range(1, 5).Select(number => $"Patient/deleted-000{number}"), requests.Select(request => request.GetProperty("url").GetString()));
    }
}
