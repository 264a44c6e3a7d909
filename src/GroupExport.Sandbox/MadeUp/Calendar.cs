namespace GroupExport.Sandbox.MadeUp;

/// <summary>When made-up things happened.</summary>
internal static class Calendar
{
    /// <summary>The first possible <c>meta.lastUpdated</c>.</summary>
    public static readonly DateTime First = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>No <c>meta.lastUpdated</c> is at or after this time.</summary>
    public static readonly DateTime End = new(2026, 7, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>A time between <see cref="First"/> and <see cref="End"/>, to the millisecond.</summary>
    public static DateTime LastUpdated(ref StableRandom random) =>
        First.AddDays(random.Next(0, (int)(End - First).TotalDays)).AddMilliseconds(random.Next(0, 86_400_000));

    /// <summary>A visit some time before the record was last updated, on a full minute of working hours.</summary>
    public static DateTime Visit(ref StableRandom random, DateTime lastUpdated) =>
        lastUpdated.Date.AddDays(-random.Next(1, 700)).AddMinutes(random.Next(8 * 60, 18 * 60));
}
