using System.Globalization;
using GroupExport.Fhir;

namespace GroupExport.Jobs;

/// <summary>Finds out that a server answered a kick-off with a job that it had already: some do so for requests that are equal.</summary>
internal static class EarlierJob
{
    /// <summary>The longest time that a transaction time may be before the kick-off without a warning: queues and clocks of one server differ by less.</summary>
    private static readonly TimeSpan s_maxAge = TimeSpan.FromMinutes(10);

    /// <summary>Returns the warning about a complete export whose data is older than its kick-off by the server's own clock; null if there is none.</summary>
    public static string? Warning(ExportStatus status)
    {
        if (status is not { State: ExportStatus.Complete, AcceptedAt: { } accepted, TransactionTime: { } time } || !FhirInstant.IsInstant(time)
            || !DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset transaction))
        {
            return null;
        }

        DateTime kickedOff = accepted.ToUniversalTime();
        return kickedOff - transaction.UtcDateTime <= s_maxAge
            ? null
            : $"The export of group {status.GroupId ?? "(unknown)"} was started at {kickedOff:u}, but its data is of {time}. Either the server exports a snapshot of that time, " +
              "or it returned an earlier job for an equal request. If you need newer data, remove this export with Remove-GroupExport and start another.";
    }

    /// <summary>Returns the warning about a new job whose status URL is one of an export that is known here; null if it is another.</summary>
    /// <param name="job">The new job.</param>
    /// <param name="known">The known job.</param>
    /// <param name="place">Where it is known from, such as a path.</param>
    public static string? Warning(ExportJob job, ExportJob? known, string place) =>
        known is null || known.StatusUrl != job.StatusUrl || IsSameKickOff(job, known)
            ? null
            : $"The server answered the kick-off with the status URL of an export that {place} shows already, started at {known.StartedAt:u}: {job}. Either it returned that earlier job " +
              "for an equal request, so that newer data is missing, or it exports the same snapshot again. If you need newer data, remove this export with Remove-GroupExport and start another.";

    /// <summary>Determines whether two jobs are of one kick-off, also when one is known by its URL only. Serializers keep times to the millisecond.</summary>
    private static bool IsSameKickOff(ExportJob job, ExportJob known) =>
        job.StartedAt is not { } started || known.StartedAt is not { } before || (started.ToUniversalTime() - before.ToUniversalTime()).Duration() < TimeSpan.FromSeconds(1);
}
