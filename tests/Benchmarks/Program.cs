using System.Globalization;
using GroupExport.Benchmarks;
using GroupExport.Benchmarks.Saving;
using GroupExport.Benchmarks.Serving;

Dictionary<string, Action<BenchmarkOptions>> benchmarks = new()
{
    ["import"] = _ => ImportBenchmark.Run(),
    ["pipeline"] = _ => PipelineBenchmark.Run(),
    ["save"] = SaveBenchmark.Run,
};

switch (args)
{
    case [ImportBenchmark.OnceArgument, var module]:
        ImportBenchmark.Once(module);
        return 0;
    case [StaticServer.Verb, var root, var bytesPerSecond]:
        StaticServer.Run(root, long.Parse(bytesPerSecond, CultureInfo.InvariantCulture));
        return 0;
    case [ClientProgram.Verb, .. var rest]:
        ClientProgram.Run(rest);
        return 0;
}

string[] names;
BenchmarkOptions options;
try
{
    (names, options) = BenchmarkOptions.Parse(args);
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 64;
}

foreach (string name in names is [] or ["all"] ? [.. benchmarks.Keys] : names)
{
    if (!benchmarks.TryGetValue(name, out Action<BenchmarkOptions>? benchmark))
    {
        Console.Error.WriteLine($"There is no benchmark '{name}'. Choose of: all, {string.Join(", ", benchmarks.Keys)}.");
        return 64;
    }

    benchmark(options);
}

return 0;
