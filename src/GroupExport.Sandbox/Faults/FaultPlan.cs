using System.Globalization;

namespace GroupExport.Sandbox.Faults;

/// <summary>The faults that were ordered, how often each is still to fire, and how often it has.</summary>
internal sealed class FaultPlan
{
    /// <summary>The count of a fault that never ends.</summary>
    private const string Always = "all";

    private readonly object _lock = new();
    private readonly Dictionary<SandboxFault, Share> _shares = [];

    /// <summary>How often each of the ordered faults has fired until now.</summary>
    public IReadOnlyDictionary<string, int> Counts
    {
        get
        {
            lock (_lock)
            {
                return _shares.ToDictionary(share => share.Key.ToString(), share => share.Value.Fired, StringComparer.OrdinalIgnoreCase);
            }
        }
    }

    /// <summary>Reads <c>name</c>, <c>name=count</c>, <c>name:count</c> and <c>name=all</c>.</summary>
    /// <exception cref="SandboxException">A fault is unknown, stands twice, or has no count that makes sense.</exception>
    public static FaultPlan Parse(IReadOnlyList<string> faults)
    {
        var plan = new FaultPlan();
        foreach (var text in faults)
        {
            var parts = (text ?? "").Split(['=', ':'], 2, StringSplitOptions.TrimEntries);
            if (!plan._shares.TryAdd(Name(parts[0]), new Share { Left = parts.Length == 1 ? 1 : Count(parts[0], parts[1]) }))
            {
                throw new SandboxException($"Faults holds {parts[0]} twice: write {parts[0]}=2 for a fault that fires twice.");
            }
        }

        return plan;
    }

    /// <summary>Whether a fault was ordered, be it used up or not.</summary>
    public bool Holds(SandboxFault fault) => _shares.ContainsKey(fault);

    /// <summary>Asked at each request that a fault fits: true when it strikes this one, which is counted.</summary>
    public bool Fires(SandboxFault fault)
    {
        if (!_shares.TryGetValue(fault, out var share))
        {
            return false;
        }

        lock (_lock)
        {
            if (share.Left == 0)
            {
                return false;
            }

            share.Left--;
            share.Fired++;
            return true;
        }
    }

    // Enum.TryParse alone takes numbers too, and lists.
    private static SandboxFault Name(string text) =>
        text.All(char.IsAsciiLetterOrDigit) && Enum.TryParse<SandboxFault>(text, ignoreCase: true, out var fault) && text.Length > 0 && !char.IsAsciiDigit(text[0])
            ? fault
            : throw new SandboxException($"Faults holds '{text}', which is no fault: use {string.Join(", ", Enum.GetNames<SandboxFault>())}, each with =count where it is to fire more than once.");

    private static int Count(string name, string text)
    {
        if (text.Equals(Always, StringComparison.OrdinalIgnoreCase))
        {
            return int.MaxValue;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new SandboxException($"The count of the fault {name} must be a number from 1 on, or {Always}, not '{text}'.");
    }

    private sealed class Share
    {
        public required int Left { get; set; }

        public int Fired { get; set; }
    }
}
