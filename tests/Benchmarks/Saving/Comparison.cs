namespace GroupExport.Benchmarks.Saving;

/// <summary>A line for each contender, with its ratio to the one it is compared with.</summary>
internal sealed class Comparison(Dictionary<string, Timings> timings, long bytes)
{
    /// <summary>Prints the figures of a contender by themselves.</summary>
    public void Write(string name, params (string Name, object Value)[] more) => Measurement.Write(name, [.. Absolute(name), .. more]);

    /// <summary>Prints the figures of a contender, and medians over the median of the reference; the low and high are of single rounds.</summary>
    public void WriteRatios(string name, string reference, params (string Name, object Value)[] more)
    {
        Timings ours = timings[name];
        Timings theirs = timings[reference];
        double[] rounds = [.. ours.Wall.Zip(theirs.Wall, (wall, bare) => wall / bare)];
        Measurement.Write(
            name,
            [
                ("reference", reference),
                ("wallRatio", ours.Seconds / theirs.Seconds),
                ("cpuRatio", ours.CpuSeconds / theirs.CpuSeconds),
                ("wallRatioLow", rounds.Min()),
                ("wallRatioHigh", rounds.Max()),
                .. Absolute(name),
                .. more,
            ]);
    }

    public double WallRatio(string name, string reference) => timings[name].Seconds / timings[reference].Seconds;

    private (string Name, object Value)[] Absolute(string name) =>
    [
        ("seconds", timings[name].Seconds),
        ("cpuSecondsPerGB", timings[name].CpuSeconds * 1e9 / bytes),
        ("megabytes", bytes / 1e6),
    ];
}
