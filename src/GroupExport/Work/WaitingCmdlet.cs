using System.Management.Automation;
using GroupExport.Input;
using GroupExport.Jobs;

namespace GroupExport.Work;

/// <summary>A cmdlet that waits for exports, and how patient it is.</summary>
public abstract class WaitingCmdlet : LoggedCmdlet
{
    private static readonly WaitOptions s_defaults = new();

    /// <summary>The retry pipeline takes no longer backoff.</summary>
    private static readonly TimeSpan s_longestInterval = TimeSpan.FromDays(1);

    /// <summary>Timers go no further.</summary>
    private static readonly TimeSpan s_longestRetryAfter = TimeSpan.FromDays(49);

    /// <summary>How long to wait at most, as a TimeSpan or in seconds; the export goes on at the server when the time is over. By default until it ends.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    /// <summary>The first wait between two looks where the server sends no Retry-After, as a TimeSpan or in seconds; later ones are longer, with jitter. 1 s by default.</summary>
    [Parameter]
    [Duration]
    public TimeSpan MinPollInterval { get; set; } = s_defaults.MinPollInterval;

    /// <summary>The longest wait between two looks where the server sends no Retry-After, as a TimeSpan or in seconds; 5 minutes by default.</summary>
    [Parameter]
    [Duration]
    public TimeSpan MaxPollInterval { get; set; } = s_defaults.MaxPollInterval;

    /// <summary>The longest Retry-After that is obeyed, as a TimeSpan or in seconds; one beyond it is taken for nonsense. 24 hours by default.</summary>
    [Parameter]
    [Duration]
    public TimeSpan MaxRetryAfter { get; set; } = s_defaults.MaxRetryAfter;

    /// <summary>How long the server may be away or busy before the waiting is given up, as a TimeSpan or in seconds; the export itself goes on. 1 hour by default.</summary>
    [Parameter]
    [Duration]
    public TimeSpan TransientTimeout { get; set; } = s_defaults.TransientTimeout;

    /// <exception cref="ExportException">The times do not go together (<see cref="ExportErrorKind.InvalidParameter"/>).</exception>
    private protected WaitOptions ReadWaitOptions()
    {
        Require(Timeout is null || Timeout >= TimeSpan.Zero, nameof(Timeout), "must not be negative");
        Require(MinPollInterval > TimeSpan.Zero, nameof(MinPollInterval), "must be longer than no time");
        Require(MaxPollInterval >= MinPollInterval, nameof(MaxPollInterval), "must not be shorter than -MinPollInterval");
        Require(MaxPollInterval <= s_longestInterval, nameof(MaxPollInterval), "must not be longer than a day");
        Require(MaxRetryAfter >= TimeSpan.Zero && MaxRetryAfter <= s_longestRetryAfter, nameof(MaxRetryAfter), $"must not be negative, and {s_longestRetryAfter.TotalDays} days at most");
        Require(TransientTimeout >= TimeSpan.Zero, nameof(TransientTimeout), "must not be negative");
        return new WaitOptions
        {
            Timeout = Timeout,
            MinPollInterval = MinPollInterval,
            MaxPollInterval = MaxPollInterval,
            MaxRetryAfter = MaxRetryAfter,
            TransientTimeout = TransientTimeout,
        };
    }

    private static void Require(bool condition, string parameter, string otherwise)
    {
        if (!condition)
        {
            throw new ExportException(ExportErrorKind.InvalidParameter, $"-{parameter} {otherwise}.") { Subject = parameter };
        }
    }
}
