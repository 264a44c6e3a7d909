using System.Reflection;
using System.Text.Json;

namespace GroupExport.Benchmarks;

/// <summary>A line of JSON a measurement, and where the build put things.</summary>
internal static class Measurement
{
    public static void Write(string name, params (string Name, object Value)[] values)
    {
        Dictionary<string, object?> line = new() { ["name"] = name };
        foreach ((string key, object value) in values)
        {
            line[key] = value is double number ? (double.IsFinite(number) ? Math.Round(number, 3) : null) : value;
        }

        Console.WriteLine(JsonSerializer.Serialize(line));
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    public static string BuildFact(string key) =>
        typeof(Measurement).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(fact => fact.Key == key).Value!;
}
