using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>A server that exports types nobody asked for may not have understood the request.</summary>
public sealed class SurplusTypeTests
{
    [Theory]
    [InlineData("Patient", "", "Patient", null)]
    [InlineData("", "", "Patient Observation", null)]
    [InlineData("Patient Observation", "_typeFilter", "Patient Observation", null)]
    [InlineData("Patient", "", "Patient Observation Condition Observation", "Observation, Condition")]
    [InlineData("Patient", "_typeFilter", "Patient Encounter", "Encounter")]
    [InlineData("Patient", "", "Patient Provenance", "Provenance")]
    [InlineData("Patient", "includeAssociatedData", "Patient Provenance", null)]
    [InlineData("Patient", "includeAssociatedData", "Patient Provenance Device", "Device")]
    [InlineData("Patient", "", "Patient planted-type", "an unknown type")]
    public async Task They_are_named_once_and_the_export_is_complete_all_the_same(string asked, string parameters, string delivered, string? named)
    {
        Reports reports = await SaveAsync(asked, parameters, delivered, "");

        string[] cautions = [.. reports.Of<Caution>().Select(caution => caution.Text)];
        Assert.Equal(named is null ? 0 : 1, cautions.Length);
        Assert.All(cautions, caution => Assert.Contains($"holds files of {named}, which was not asked for", caution, StringComparison.Ordinal));
        Assert.All(cautions, caution => Assert.DoesNotContain("planted", caution, StringComparison.Ordinal));
        Assert.All(reports.Of<FileDone>(), file => Assert.Equal("Saved", file.File.State));
        Assert.Empty(reports.Of<Failure>());
    }

    [Fact]
    public async Task Organized_files_are_of_many_types_and_draw_nothing() =>
        Assert.Empty((await SaveAsync("Observation", "organizeOutputBy", "Patient", "\"outputOrganizedBy\":\"Patient\",")).Of<Caution>());

    private static async Task<Reports> SaveAsync(string asked, string parameters, string delivered, string more)
    {
        string output = string.Join(',', Words(delivered).Select((type, index) => $$"""{"type":"{{type}}","url":"/file{{index}}"}"""));
        await using RecordingServer server = Saves.Server("{" + more + Saves.Manifest(output)[1..], arrival => Answer.Ndjson(string.Concat(Enumerable.Repeat("{}\n", 1 + arrival.Path[^1] - (int)'0'))));
        using TemporaryFolder folder = new();
        ExportJob job = new() { StatusUrl = server.Url("status/1"), GroupId = "g", Types = Words(asked), Parameters = Words(parameters) };

        return await Saves.SaveAsync(server, folder, new SaveSetup { Job = job });
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
