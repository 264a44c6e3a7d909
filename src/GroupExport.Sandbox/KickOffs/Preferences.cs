using GroupExport.Sandbox.Specification;

namespace GroupExport.Sandbox.KickOffs;

/// <summary>What the header <c>Prefer</c> asks for (RFC 7240).</summary>
internal sealed record Preferences
{
    private const string Asynchronous = "respond-async";
    private const string SeparateStatus = "separate-export-status";
    private const string Lenient = "handling=lenient";

    public bool IsAsynchronous { get; init; }

    /// <summary>Parameters that cannot be honoured are to be passed over and told of in the manifest.</summary>
    public bool IsLenient { get; init; }

    public bool WantsSeparateStatus { get; init; }

    /// <summary>What <c>Preference-Applied</c> tells; nothing as long as only the usual was asked for.</summary>
    public IReadOnlyList<string> Applied =>
    [
        .. IsLenient || WantsSeparateStatus ? [Asynchronous] : Array.Empty<string>(),
        .. WantsSeparateStatus ? [SeparateStatus] : Array.Empty<string>(),
        .. IsLenient ? [Lenient] : Array.Empty<string>(),
    ];

    /// <summary>What of it the version knows.</summary>
    public Preferences For(SpecRules spec) => this with { WantsSeparateStatus = WantsSeparateStatus && spec.SeparatesStatus };

    public static Preferences Parse(string? header)
    {
        var asked = (header ?? "").Split(',', ';')
            .Select(preference => preference.Replace(" ", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new Preferences
        {
            IsAsynchronous = asked.Contains(Asynchronous),
            IsLenient = asked.Contains(Lenient),
            WantsSeparateStatus = asked.Contains(SeparateStatus),
        };
    }
}
