namespace GroupExport.Jobs;

/// <summary>Represents what earlier answers said of a job, as far as the reading of the next one depends on it.</summary>
internal sealed record StatusHistory
{
    /// <summary>The time for which a server must repeat itself before its plain text is believed.</summary>
    private static readonly TimeSpan s_repeating = TimeSpan.FromMinutes(5);

    private const int MinRepetitions = 3;

    private DateTimeOffset? _firstEmpty;
    private int _empty;
    private string? _said;
    private DateTimeOffset _saidSince;
    private int _repetitions;
    private DateTimeOffset _now;

    /// <summary>Gets the recorded time of the kick-off; null when it is not known.</summary>
    public DateTime? StartedAt { get; init; }

    /// <summary>Gets a value indicating whether the server has answered 200 or 202.</summary>
    public bool IsKnown { get; init; }

    /// <summary>Gets the shortest time between two empty answers that confirm each other.</summary>
    public TimeSpan MinPollInterval { get; init; }

    /// <summary>Gets a value indicating whether the job is so new that a 404 can be a node that does not know it yet.</summary>
    public bool IsNew => !IsKnown && JobVisibility.Left(StartedAt, _now) > TimeSpan.Zero;

    /// <summary>Gets a value indicating whether empty answers confirm each other.</summary>
    public bool IsConfirmedEmpty => _empty > 1 && _now - _firstEmpty >= MinPollInterval;

    /// <summary>Gets a value indicating whether the server says the same in plain text for so long that it is a failed export and no outage.</summary>
    public bool IsRepeated => _repetitions >= MinRepetitions && _now - _saidSince >= s_repeating;

    /// <summary>Returns the history of a job of which nothing was asked yet. Who holds a status has had an answer.</summary>
    /// <param name="job">The job.</param>
    /// <param name="minPollInterval">The shortest time between two empty answers that confirm each other.</param>
    /// <param name="isShown">Whether the server has shown the job before, over the same connection.</param>
    public static StatusHistory Of(ExportJob job, TimeSpan minPollInterval, bool isShown = false) => new()
    {
        StartedAt = job.StartedAt,
        IsKnown = isShown || job is ExportStatus,
        MinPollInterval = minPollInterval,
    };

    /// <summary>Returns the history with one more answer.</summary>
    /// <param name="reading">The answer.</param>
    /// <param name="now">The time at which it came, by the connection's clock.</param>
    public StatusHistory With(StatusReading reading, DateTimeOffset now)
    {
        StatusHistory next = this with { _now = now, IsKnown = IsKnown || reading.StatusCode is 200 or 202 };
        if (reading is { Body: StatusBody.Empty, StatusCode: 200 or 204 })
        {
            return next with { _firstEmpty = _firstEmpty ?? now, _empty = _empty + 1, _said = null, _repetitions = 0 };
        }

        if (reading.StatusCode is 200 or 202)
        {
            return next with { _firstEmpty = null, _empty = 0, _said = null, _repetitions = 0 };
        }

        if (reading.Body is not (StatusBody.Text or StatusBody.Foreign or StatusBody.Running))
        {
            return next;
        }

        string said = $"{reading.StatusCode} {reading.Answer.Message ?? reading.Detail}";
        return said == _said ? next with { _repetitions = _repetitions + 1 } : next with { _said = said, _saidSince = now, _repetitions = 1 };
    }
}
