using GroupExport.Fhir;
using GroupExport.Http;
using GroupExport.Jobs;

namespace GroupExport.Tests.Jobs;

/// <summary>The verdict on each answer of a kick-off.</summary>
public sealed class KickOffTableTests
{
    private const string Error = "error";

    private static readonly ServerAnswer s_empty = new(200, AnswerForm.None, []);

    /// <summary>Status, body (see <see cref="Body"/>), URL, and what it means.</summary>
    public static TheoryData<int, string, string, string> Answers => new()
    {
        // 202 with a status URL is a job, whatever the body.
        { 202, "", "StatusUrl", "Job" },
        { 202, "Bundle", "StatusUrl", "Job" },
        { 202, "outcome:error:forbidden", "StatusUrl", "Job" },
        { 202, "redox:0", "StatusUrl", "Job" },
        { 202, "page", "StatusUrl", "Job" },
        { 202, "", "Version", "Job" },

        // Another success with one is a job too, unless it is a result.
        { 200, "", "StatusUrl", "Job" },
        { 201, "", "StatusUrl", "Job" },
        { 204, "", "StatusUrl", "Job" },
        { 203, "text", "StatusUrl", "Job" },
        { 200, "outcome:information:informational", "StatusUrl", "Job" },
        { 200, "outcome:warning:processing", "StatusUrl", "Job" },
        { 200, "Bundle", "StatusUrl", "OtherResult" },
        { 200, "Parameters", "Unusable", "OtherResult" },
        { 201, "Patient", "Request", "OtherResult" },
        { 200, "", "Version", "OtherResult" },
        { 204, "", "Request", "OtherResult" },
        { 200, "", "Unusable", "OtherResult" },
        { 200, "", "None", "NotBulkData" },
        { 204, "", "None", "NotBulkData" },
        { 200, "Bundle", "None", "NotBulkData" },
        { 200, "page", "None", "NotBulkData" },

        // Errors in a success.
        { 200, "outcome:error:processing", "None", "Rejected" },
        { 200, "outcome:fatal:exception", "None", "Rejected" },
        { 200, "outcome:error:processing", "StatusUrl", "Rejected" },
        { 202, "outcome:error:processing", "None", "Rejected" },
        { 200, "outcome:error:forbidden", "None", "AccessDenied" },
        { 200, "outcome:error:security", "None", "AccessDenied" },
        { 200, "outcome:error:login", "None", "TokenRejected" },
        { 200, "outcome:error:expired", "None", "TokenRejected" },
        { 200, "outcome:error:throttled", "None", "AlreadyRunning" },
        { 200, "outcome:error:throttled", "StatusUrl", "Rejected" },
        { 200, "outcome:information:throttled", "None", "NotBulkData" },
        { 200, "redox:0", "None", "Rejected" },
        { 202, "redox:0", "None", "Rejected" },
        { 200, "redox:400", "None", "Rejected" },
        { 200, "redox:503", "None", "Rejected" },
        { 200, "redox:401", "None", "AccessDenied" },
        { 200, "redox:403", "None", "AccessDenied" },
        { 200, "redox:429", "None", "AlreadyRunning" },
        { 200, "redox:408", "None", "Unanswered" },
        { 200, "redox:502", "None", "Unanswered" },
        { 200, "redox:504", "None", "Unanswered" },

        // Accepted, and no way to follow it.
        { 202, "", "None", "StatusUrlMissing" },
        { 202, "", "Unusable", "StatusUrlMissing" },
        { 202, "", "Request", "StatusUrlMissing" },
        { 201, "", "None", "StatusUrlMissing" },

        // No success.
        { 307, "", "StatusUrl", "Redirected" },
        { 401, "", "None", "TokenRejected" },
        { 403, "redox:504", "None", "AccessDenied" },
        { 429, "", "StatusUrl", "AlreadyRunning" },
        { 503, "retry-after", "None", "Unavailable" },
        { 503, "", "None", "BrokenDown" },
        { 503, "outcome:error:transient", "None", "Rejected" },
        { 408, "outcome:error:timeout", "None", "Unanswered" },
        { 502, "page", "None", "Unanswered" },
        { 504, "", "None", "Unanswered" },
        { 400, "redox:504", "None", "Unanswered" },
        { 500, "redox:408", "None", "Unanswered" },
        { 500, "redox:400", "None", "Rejected" },
        { 500, "", "None", "BrokenDown" },
        { 500, "page", "None", "BrokenDown" },
        { 500, "outcome:error:exception", "None", "Rejected" },
        { 400, "", "StatusUrl", "Rejected" },
        { 404, "page", "None", "Rejected" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void An_answer_has_one_verdict(int status, string body, string place, string verdict)
    {
        KickOffReading reading = new(Body(body) with { StatusCode = status }, Enum.Parse<StatusPlace>(place), NamesTime: body == "retry-after");

        Assert.Equal(verdict, KickOffTable.Decide(reading).ToString());
    }

    [Fact]
    public void Every_row_is_needed_for_an_answer_above()
    {
        IEnumerable<KickOffRule> used = Answers.Select(row =>
        {
            KickOffReading reading = new(Body((string)row[1]) with { StatusCode = (int)row[0] }, Enum.Parse<StatusPlace>((string)row[2]), NamesTime: (string)row[1] == "retry-after");
            return KickOffTable.Rules.First(rule => rule.Applies(reading));
        });

        Assert.Empty(KickOffTable.Rules.Except(used));
    }

    [Fact]
    public void Only_what_certainly_started_nothing_is_sent_again() => Assert.All(Enum.GetValues<KickOffVerdict>().Where(KickOffTable.IsSentAgain), verdict =>
        Assert.True(KickOffTable.IsCertain(KickOffTable.KindOf(verdict)!.Value)));

    [Fact]
    public void The_page_of_the_documentation_has_the_same_rows_in_the_same_order()
    {
        string[] written = [.. File.ReadAllLines(Page()).SkipWhile(line => !line.StartsWith("| status", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))];

        Assert.Equal(KickOffTable.Rules.Select(rule => $"| {rule.Status} | {rule.Body} | {rule.Location} | {Meaning(rule.Verdict)} |"), written);
    }

    private static string Meaning(KickOffVerdict verdict) => KickOffTable.KindOf(verdict) is { } kind ? $"`{kind}`" : "job";

    private static ServerAnswer Body(string body) => body.Split(':') switch
    {
        ["outcome", { } severity, { } code] => s_empty with { Form = AnswerForm.Outcome, ResourceType = "OperationOutcome", Issues = [new OutcomeIssue(severity, code, "words")] },
        ["redox", { } code] => s_empty with { Form = AnswerForm.Redox, Issues = [new OutcomeIssue(Error, "transmission", "words") { DestinationStatusCode = code == "0" ? null : int.Parse(code, System.Globalization.CultureInfo.InvariantCulture) }] },
        ["page"] => s_empty with { Form = AnswerForm.Page },
        ["text"] => s_empty with { Form = AnswerForm.Text, Words = "words" },
        ["" or "retry-after"] => s_empty,
        [{ } type] => s_empty with { Form = AnswerForm.Resource, ResourceType = type },
        _ => throw new ArgumentOutOfRangeException(nameof(body)),
    };

    private static string Page()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "GroupExport.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "docs", "kick-off.md");
    }
}
