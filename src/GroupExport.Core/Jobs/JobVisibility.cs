using GroupExport.Connections;

namespace GroupExport.Jobs;

/// <summary>Determines how long a 404 can mean that the server does not show a new job yet: what one of its nodes stores, the others see later.</summary>
internal static class JobVisibility
{
    /// <summary>The time after the kick-off in which a 404 is not believed.</summary>
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromSeconds(60);

    /// <summary>Determines whether the server has shown a job before: in this process, or in the one that got its status.</summary>
    public static bool IsShown(GroupExportConnection connection, ExportJob job) => job is ExportStatus || connection.ShownJobs.Contains(job.StatusUrl);

    /// <summary>Returns the time until a 404 has to be believed; zero when the kick-off is not known.</summary>
    public static TimeSpan Left(DateTime? startedAt, DateTimeOffset now)
    {
        if (startedAt is not { } started)
        {
            return TimeSpan.Zero;
        }

        TimeSpan age = (now.UtcDateTime - started.ToUniversalTime()).Duration();
        return age < s_maxDelay ? s_maxDelay - age : TimeSpan.Zero;
    }
}
