using GroupExport.Connections;

namespace GroupExport.Jobs;

/// <summary>Determines how long a 404 can mean that the server does not show a new job yet: what one of its nodes stores, the others see later.</summary>
internal static class JobVisibility
{
    /// <summary>The time after the kick-off in which a 404 is not believed.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(60);

    /// <summary>Returns the time until a 404 has to be believed; zero when the server has shown the job before, or when its kick-off is not known.</summary>
    public static TimeSpan Left(GroupExportConnection connection, ExportJob job)
    {
        if (job.StartedAt is not { } started || job is ExportStatus || connection.ShownJobs.Contains(job.StatusUrl))
        {
            return TimeSpan.Zero;
        }

        TimeSpan age = (connection.Clock.GetUtcNow().UtcDateTime - started.ToUniversalTime()).Duration();
        return age < MaxDelay ? MaxDelay - age : TimeSpan.Zero;
    }
}
