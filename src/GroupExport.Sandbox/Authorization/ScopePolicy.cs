namespace GroupExport.Sandbox.Authorization;

/// <summary>Decides which of the scopes that are asked for are granted.</summary>
internal sealed class ScopePolicy(IReadOnlyList<string>? allowed)
{
    private readonly IReadOnlyList<Scope>? _allowed = allowed?.Select(Parse).ToList();

    /// <summary>What discovery offers.</summary>
    public IReadOnlyList<string> Offered => _allowed is null
        ? ["system/*.rs", "system/*.read", "system/Group.rs", "system/Patient.rs"]
        : [.. _allowed.Select(scope => scope.Text)];

    /// <summary>What is asked for as far as it is allowed; without a wish, everything that is allowed (RFC 6749, 3.3).</summary>
    public ScopeSet Grant(string? asked)
    {
        var granted = asked is null
            ? _allowed ?? ScopeSet.ReadAll.Scopes
            : Narrow([.. asked.Split(' ').Select(Parse)]);
        return granted.Count > 0 ? new ScopeSet(granted) : throw TokenRefusedException.InvalidScope("None of the scopes asked for is allowed to this client.");
    }

    private List<Scope> Narrow(List<Scope> asked)
    {
        if (_allowed is null)
        {
            return asked;
        }

        // A wish inside what is allowed is granted as it is; of a wider one, the part that is allowed.
        var granted = asked.Where(wish => _allowed.Any(right => right.Covers(wish))).ToList();
        granted.AddRange(_allowed.Where(right => asked.Any(wish => wish.Covers(right)) && !granted.Exists(given => given.Covers(right))).ToList());
        return granted;
    }

    private static Scope Parse(string text) => Scope.TryParse(text, out var scope)
        ? scope
        : throw TokenRefusedException.InvalidScope("A scope is not system/, a resource type or *, a dot and read, write, * or letters of cruds in this order, separated by one space.");
}
