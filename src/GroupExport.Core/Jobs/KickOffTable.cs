namespace GroupExport.Jobs;

/// <summary>
/// The one table of what the answer of a kick-off means, by status code, body and URL (Bulk Data Access, "Bulk Data Kick-off Request"). The first row
/// that applies counts; docs/kick-off.md has the same rows.
/// </summary>
internal static class KickOffTable
{
    /// <summary>Gets the rows, in order.</summary>
    public static IReadOnlyList<KickOffRule> Rules { get; } =
    [
        new("202", "any", "status URL", KickOffVerdict.Job, reading => reading.Status == 202 && reading.HasStatusUrl),
        new("2xx", "resource other than OperationOutcome", "any URL", KickOffVerdict.OtherResult, reading => reading is { IsSuccess: true, IsOtherResource: true, Place: not StatusPlace.None }),

        new("2xx", "error `throttled`, or from a destination with 429", "none", KickOffVerdict.AlreadyRunning,
            reading => reading is { IsRefusedSuccess: true, Place: StatusPlace.None } && (reading.HasCode("throttled") || reading.HasDestination(429))),
        new("2xx", "error `login` or `expired`", "any", KickOffVerdict.TokenRejected, reading => reading.IsRefusedSuccess && reading.HasCode("login", "expired")),
        new("2xx", "error `forbidden` or `security`, or from a destination with 401 or 403", "any", KickOffVerdict.AccessDenied,
            reading => reading.IsRefusedSuccess && (reading.HasCode("forbidden", "security") || reading.HasDestination(401, 403))),
        new("2xx", "error from a destination with 408, 502 or 504", "any", KickOffVerdict.Unanswered, reading => reading.IsRefusedSuccess && reading.HasDestination(408, 502, 504)),
        new("2xx", "any other error", "any", KickOffVerdict.Rejected, reading => reading.IsRefusedSuccess),

        new("202, 201", "any", "none", KickOffVerdict.StatusUrlMissing, reading => reading is { Status: 202 or 201, Place: StatusPlace.None }),
        new("202", "any", "unusable, or the kick-off's own URL", KickOffVerdict.StatusUrlMissing, reading => reading.Status == 202),
        new("2xx", "any", "status URL", KickOffVerdict.Job, reading => reading is { IsSuccess: true, Place: StatusPlace.StatusUrl }),
        new("2xx", "any", "unusable, `/_history/...`, or the kick-off's own URL", KickOffVerdict.OtherResult, reading => reading is { IsSuccess: true, Place: not StatusPlace.None }),
        new("2xx", "any", "none", KickOffVerdict.NotBulkData, reading => reading.IsSuccess),

        new("3xx", "any", "any", KickOffVerdict.Redirected, reading => reading.Status is >= 300 and < 400),
        new("401", "any", "any", KickOffVerdict.TokenRejected, reading => reading.Status == 401),
        new("403", "any", "any", KickOffVerdict.AccessDenied, reading => reading.Status == 403),
        new("429", "any", "any", KickOffVerdict.AlreadyRunning, reading => reading.Status == 429),
        new("503 with `Retry-After`", "any", "any", KickOffVerdict.Unavailable, reading => reading is { Status: 503, NamesTime: true }),
        new("408, 502, 504", "any", "any", KickOffVerdict.Unanswered, reading => reading.Status is 408 or 502 or 504),
        new("4xx, 5xx", "error from a destination with 408, 502 or 504", "any", KickOffVerdict.Unanswered, reading => reading.HasDestination(408, 502, 504)),
        new("5xx", "not an explanation that software can read", "any", KickOffVerdict.BrokenDown, reading => reading is { Status: >= 500, Answer.IsOutcome: false }),
        new("4xx, 5xx", "any", "any", KickOffVerdict.Rejected, _ => true),
    ];

    /// <summary>Returns what an answer means.</summary>
    public static KickOffVerdict Decide(KickOffReading reading) => Rules.First(rule => rule.Applies(reading)).Verdict;

    /// <summary>Returns the error id of a verdict; null for a job.</summary>
    public static ExportErrorKind? KindOf(KickOffVerdict verdict) => verdict switch
    {
        KickOffVerdict.Job => null,
        KickOffVerdict.StatusUrlMissing => ExportErrorKind.StatusUrlMissing,
        KickOffVerdict.OtherResult or KickOffVerdict.Unanswered or KickOffVerdict.BrokenDown => ExportErrorKind.KickOffUncertain,
        KickOffVerdict.TokenRejected => ExportErrorKind.TokenRejected,
        KickOffVerdict.AccessDenied => ExportErrorKind.AccessDenied,
        KickOffVerdict.AlreadyRunning => ExportErrorKind.ExportAlreadyRunning,
        KickOffVerdict.Unavailable => ExportErrorKind.ServerUnreachable,
        _ => ExportErrorKind.KickOffRejected,
    };

    /// <summary>Determines whether it is certain that no export was started; if not, another kick-off could double it.</summary>
    public static bool IsCertain(ExportErrorKind kind) => kind is not (ExportErrorKind.KickOffUncertain or ExportErrorKind.StatusUrlMissing);

    /// <summary>Determines whether the kick-off is sent again by itself, as long as there is time.</summary>
    public static bool IsSentAgain(KickOffVerdict verdict) => verdict is KickOffVerdict.AlreadyRunning or KickOffVerdict.Unavailable;
}
