using System.Globalization;

namespace GroupExport.Jobs;

/// <summary>When the files of an export go away from the server (the Expires header, Bulk Data Access, "Response - Complete Status").</summary>
internal static class Expiry
{
    /// <summary>Servers that keep files for an hour are common; a warning each time would not be read.</summary>
    private static readonly TimeSpan s_near = TimeSpan.FromMinutes(30);

    /// <summary>What is to be said about it; null as long as there is time.</summary>
    public static string? Warning(string? groupId, DateTime? expires, DateTimeOffset now)
    {
        if (expires is not { } end || end - now.UtcDateTime >= s_near)
        {
            return null;
        }

        string time = end.ToString("u", CultureInfo.InvariantCulture);
        double minutes = (end - now.UtcDateTime).TotalMinutes;
        return minutes > 0
            ? $"The server keeps the files of the export of group {groupId ?? "(unknown)"} until {time} only, {Math.Ceiling(minutes):0} min from now: save them before."
            : $"The server promised the files of the export of group {groupId ?? "(unknown)"} until {time} only, which is over: save what is still there.";
    }
}
