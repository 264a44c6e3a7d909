using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Requests;

namespace GroupExport.Tests.Files;

/// <summary>Going on from an earlier export: only where nothing can be missed.</summary>
public sealed class SinceSourceTests
{
    private const string Server = "https://fhir.example.org/r4/";
    private const string Time = "2026-11-23T01:02:03.45000+01:00";

    private static readonly ExportRequest s_request = new() { GroupId = "g", Types = ["Patient", "Observation"], TypeFilters = ["Observation?status=final"], Elements = ["id"] };

    [Theory]
    [InlineData("Complete")]
    [InlineData("Empty")]
    public void The_transaction_time_is_taken_as_it_stands(string state) =>
        Assert.Equal(Time, (Source(s_request) with { State = state }).InstantFor(s_request, Server));

    [Theory]
    [InlineData("Empty", null, true)]
    [InlineData("Empty", "2026-11-22T00:00:00Z", false)]
    [InlineData("Complete", null, false)]
    public void One_that_found_nothing_at_all_is_worth_a_look(string state, string? since, bool isCautioned)
    {
        string? caution = (Source(s_request with { Since = since }) with { State = state }).Caution;

        Assert.Equal(isCautioned, caution?.Contains($"what lies before {Time} will never come", StringComparison.Ordinal) == true);
        Assert.Equal(isCautioned, caution is not null);
    }

    [Fact]
    public void One_that_itself_went_on_from_another_will_do() =>
        Assert.Equal(Time, Source(s_request with { Since = "2026-11-22T00:00:00Z" }).InstantFor(s_request, Server));

    [Fact]
    public void One_that_the_server_completed_with_empty_answers_keeps_the_instant_that_it_went_on_from()
    {
        SinceSource source = Source(s_request with { Since = "2026-11-22T00:00:00Z" }) with { State = "Empty", TransactionTime = null };

        Assert.Equal("2026-11-22T00:00:00Z", source.InstantFor(s_request, Server));
    }

    [Fact]
    public void One_of_everything_that_the_server_completed_with_empty_answers_will_not_do()
    {
        SinceSource source = Source(s_request) with { State = "Empty", TransactionTime = null };

        ExportException failure = Assert.Throws<ExportException>(() => source.InstantFor(s_request, Server));

        Assert.Equal(ExportErrorKind.SinceSourceIncomplete, failure.Kind);
        Assert.Contains("empty answers and no manifest", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Some_patients_of_what_was_exported_whole_will_do() =>
        Assert.Equal(Time, Source(s_request).InstantFor(s_request with { Patients = ["Patient/1"] }, Server));

    [Theory]
    [InlineData("Incomplete", Time)]
    [InlineData("CompletedWithErrors", Time)]
    [InlineData("InProgress", Time)]
    [InlineData(null, Time)]
    [InlineData("Complete", null)]
    [InlineData("Complete", "2026-11-23")]
    public void One_that_missed_something_will_not_do(string? state, string? time)
    {
        ExportException failure = Assert.Throws<ExportException>(() => (Source(s_request) with { State = state, TransactionTime = time }).InstantFor(s_request, Server));

        Assert.Equal(ExportErrorKind.SinceSourceIncomplete, failure.Kind);
        Assert.Equal("./earlier", failure.Subject);
    }

    public static TheoryData<string> Differences => [.. s_others.Keys];

    private static readonly Dictionary<string, ExportRequest> s_others = new()
    {
        ["some patients"] = s_request with { Patients = ["Patient/1"] },
        ["_until"] = s_request with { Until = "2026-11-22T00:00:00Z" },
        ["group h"] = s_request with { GroupId = "h" },
        ["was of Patient"] = s_request with { Types = ["Patient"] },
        ["all types"] = s_request with { Types = [] },
        ["other filters"] = s_request with { TypeFilters = ["Observation?status=amended"] },
        ["filters, elements"] = s_request with { Elements = ["id", "status"] },
        ["other parameters"] = s_request with { IncludeAssociatedData = ["LatestProvenanceResources"] },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void One_that_asked_for_something_else_will_not_do_and_the_difference_is_told(string words)
    {
        ExportException failure = Assert.Throws<ExportException>(() => Source(s_others[words]).InstantFor(s_request, Server));

        Assert.Equal(ExportErrorKind.SinceSourceDiffers, failure.Kind);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("status", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_of_another_server_will_not_do() => Assert.Equal(
        ExportErrorKind.SinceSourceDiffers,
        Assert.Throws<ExportException>(() => Source(s_request).InstantFor(s_request, "https://other.example.org/r4/")).Kind);

    [Fact]
    public void One_that_does_not_tell_what_it_asked_for_will_not_do()
    {
        SinceSource source = Source(s_request);

        Assert.Equal(
            ExportErrorKind.SinceSourceDiffers,
            Assert.Throws<ExportException>(() => (source with { Job = new ExportJob(source.Job) { Scope = null } }).InstantFor(s_request, Server)).Kind);
    }

    private static SinceSource Source(ExportRequest request) => new("./earlier", JobOf(request), "Complete", Time);

    private static ExportJob JobOf(ExportRequest request) => new()
    {
        StatusUrl = "https://fhir.example.org/status/1",
        GroupId = request.GroupId,
        Server = Server,
        PatientCount = request.Patients.Count,
        Types = [.. request.Types],
        Parameters = [.. request.ParameterNames],
        Since = request.Since,
        Scope = RequestFingerprint.CreateScope(request, Server),
    };
}
