namespace GroupExport.Jobs;

/// <summary>How patiently a kick-off is repeated that the server turns away.</summary>
internal sealed record KickOffOptions
{
    /// <summary>How long to go on asking; zero means once. Exports that run last longer as a rule, but the slot of one that is just ending is worth minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The first wait of the own backoff, when the server sends no Retry-After.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait of the own backoff.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a server that cannot be reached is tried: an address that is wrong does not get better in minutes.</summary>
    public int MostUnreached { get; init; } = 5;

    /// <summary>Gets the earlier exports at hand, each with the place that shows it: a new job with the status URL of one is an old job.</summary>
    public IReadOnlyList<(ExportJob Job, string Place)> Earlier { get; init; } = [];

    /// <summary>Called before each sending: from here on a job might exist.</summary>
    public Action BeforeSending { get; init; } = () => { };

    /// <summary>Called when it is certain that a sending started nothing.</summary>
    public Action<ExportException> OnNothingStarted { get; init; } = _ => { };
}
