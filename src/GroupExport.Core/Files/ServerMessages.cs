using GroupExport.Fhir;
using GroupExport.Http;

namespace GroupExport.Files;

/// <summary>The server's own messages in the saved <c>error</c> files: one OperationOutcome a line.</summary>
/// <param name="mask">Takes out of the server's words what may not be shown.</param>
internal sealed class ServerMessages(Func<string, string> mask)
{
    /// <summary>In characters. Parsing takes ten times that memory; what is longer breaks off and is no OperationOutcome.</summary>
    private const int LongestMessage = 16 * 1024 * 1024;

    private const int MostShown = 3;
    private const int MostCharacters = 300;

    /// <summary>What stands in a message file and is no OperationOutcome is taken for the worst: nobody can say that all is well.</summary>
    private static readonly OutcomeIssue[] s_unreadable = [new("error", "unknown", "a message that is no OperationOutcome")];

    private static readonly OutcomeIssue s_unreadableFile = new("error", "unknown", "a message file that can no longer be read");

    private readonly Dictionary<string, int> _counts = [];
    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];

    public MessageCounts Counts => new(Count("fatal"), Count("error"), Count("warning"), _counts.Where(pair => pair.Key is not ("fatal" or "error" or "warning")).Sum(pair => pair.Value));

    /// <summary>The first fatal and error messages, masked.</summary>
    public IReadOnlyList<string> FirstProblems => _problems;

    /// <summary>The first warnings, masked.</summary>
    public IReadOnlyList<string> FirstWarnings => _warnings;

    /// <summary>Reads the messages of one saved file. One that cannot be read any more counts as a message that cannot be.</summary>
    public async Task ReadAsync(string path, bool isCompressed, CancellationToken cancellationToken)
    {
        try
        {
            using StreamReader content = new(StoredContent.OpenChecked(path, isCompressed));
            await ReadAsync(new BoundedLines(content, LongestMessage), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Add(s_unreadableFile);
        }
    }

    private async Task ReadAsync(BoundedLines lines, CancellationToken cancellationToken)
    {
        while (await lines.NextAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                IReadOnlyList<OutcomeIssue> issues = OutcomeReader.Read(line);
                foreach (OutcomeIssue issue in issues.Count > 0 ? issues : s_unreadable)
                {
                    Add(issue);
                }
            }
        }
    }

    private void Add(OutcomeIssue issue)
    {
        _counts[issue.Severity] = Count(issue.Severity) + 1;
        switch (issue.Severity)
        {
            case "fatal" or "error":
                Keep(_problems, issue);
                break;
            case "warning":
                Keep(_warnings, issue);
                break;
        }
    }

    private void Keep(List<string> kept, OutcomeIssue issue)
    {
        if (kept.Count < MostShown)
        {
            kept.Add(ShownText.Of(issue.Text, mask, MostCharacters));
        }
    }

    private int Count(string severity) => _counts.GetValueOrDefault(severity);
}
