using GroupExport.Benchmarks;

Dictionary<string, Action> benchmarks = new()
{
    ["import"] = ImportBenchmark.Run,
    ["pipeline"] = PipelineBenchmark.Run,
    ["scan"] = ScanBenchmark.Run,
};

if (args is [ImportBenchmark.OnceArgument, string module])
{
    ImportBenchmark.Once(module);
    return 0;
}

string[] names = args is [] or ["all"] ? [.. benchmarks.Keys] : args;
foreach (string name in names)
{
    if (!benchmarks.TryGetValue(name, out Action? benchmark))
    {
        Console.Error.WriteLine($"There is no benchmark '{name}'. Choose of: all, {string.Join(", ", benchmarks.Keys)}.");
        return 64;
    }

    benchmark();
}

return 0;
