using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.KickOffs;

/// <summary>Collects everything that is wrong with a kick-off, so that one answer names it all.</summary>
internal sealed class IssueList
{
    // 100,000 unknown patients must not make an answer of 100,000 issues.
    private const int Most = 20;
    private readonly List<Issue> _issues = [];

    public bool IsEmpty => _issues.Count == 0;

    public IReadOnlyList<Issue> All => _issues;

    public void Invalid(string field, string diagnostics) => Add("invalid", field, diagnostics);

    public void Required(string field, string diagnostics) => Add("required", field, diagnostics);

    public void NotSupported(string field, string diagnostics) => Add("not-supported", field, diagnostics);

    private void Add(string code, string field, string diagnostics)
    {
        if (_issues.Count < Most)
        {
            _issues.Add(new Issue(code, field, diagnostics));
        }
    }
}
