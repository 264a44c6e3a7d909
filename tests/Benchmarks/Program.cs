using System.Globalization;
using GroupExport.Benchmarks;
using GroupExport.Benchmarks.Cold;
using GroupExport.Benchmarks.Data;
using GroupExport.Benchmarks.Resources;
using GroupExport.Benchmarks.Saving;
using GroupExport.Benchmarks.Serving;
using GroupExport.Benchmarks.Waiting;

Dictionary<string, Action<BenchmarkOptions>[]> benchmarks = new()
{
    ["cold"] = [ColdBenchmark.Run],
    ["import"] = [_ => ImportBenchmark.Run()],
    ["completion"] = [_ => CompletionBenchmark.Run()],
    ["pipeline"] = [_ => PipelineBenchmark.Run()],
    ["save"] = [SaveBenchmark.Run, SmallFilesBenchmark.Run],
    ["link"] = [LinkBenchmark.Run],
    ["memory"] = [MemoryBenchmark.Run],
    ["kill"] = [KillBenchmark.Run],
    ["jobs"] = [JobsBenchmark.Run],
    ["resources"] = [ResourcesBenchmark.Run],
    ["scan"] = [_ => ScanBenchmark.Run()],
};

try
{
    switch (args)
    {
        case [ImportBenchmark.OnceArgument, var module]:
            ImportBenchmark.Once(module);
            return 0;
        case [CompletionBenchmark.OnceArgument, var line]:
            CompletionBenchmark.Once(line);
            return 0;
        case [StaticServer.Verb, var root, var bytesPerSecond]:
            StaticServer.Run(root, long.Parse(bytesPerSecond, CultureInfo.InvariantCulture));
            return 0;
        case [CopyProgram.Verb, .. var rest]:
            CopyProgram.Run(rest);
            return 0;
        case [Sweeper.Verb, var folder]:
            Sweeper.Run(folder);
            return 0;
        case [ClientProgram.Verb, .. var rest]:
            ClientProgram.Run(rest);
            return 0;
        case [WaitingProgram.Verb, .. var rest]:
            WaitingProgram.Run(rest);
            return 0;
        default:
            return RunBenchmarks();
    }
}
catch (Exception fault)
{
    // Caught, because what is not caught may end the process before its folders are deleted.
    await Console.Error.WriteLineAsync(fault.ToString()).ConfigureAwait(false);
    return 1;
}

int RunBenchmarks()
{
    if (!BenchmarkOptions.TryParse(args, out string[] names, out BenchmarkOptions options, out string wrong))
    {
        Console.Error.WriteLine(wrong);
        return 64;
    }

    names = names is [] or ["all"] ? [.. benchmarks.Keys] : names;
    if (names.FirstOrDefault(name => !benchmarks.ContainsKey(name)) is { } unknown)
    {
        Console.Error.WriteLine($"There is no benchmark '{unknown}'. Choose of: all, {string.Join(", ", benchmarks.Keys)}.");
        return 64;
    }

    foreach (Action<BenchmarkOptions> part in names.SelectMany(name => benchmarks[name]))
    {
        part(options);
    }

    return 0;
}
