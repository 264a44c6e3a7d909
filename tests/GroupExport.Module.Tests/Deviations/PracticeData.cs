using System.Text;

namespace GroupExport.ModuleTests.Deviations;

/// <summary>What the servers hold: a few resources of three types, written here, so that what is saved is compared with something no server has touched.</summary>
/// <remarks>None has <c>meta.lastUpdated</c>, as at Epic (8.2.3); spaces and escapes are unlike what a JSON writer would make.</remarks>
internal sealed class PracticeData
{
    private static readonly string[] s_patients = ["a", "b", "c"];
    private static readonly string[] s_genders = ["male", "female", "female"];

    private readonly Dictionary<string, List<string>> _lines = new()
    {
        ["Condition"] = [.. s_patients.Select(id => $$"""{"resourceType":"Condition","id":"c-{{id}}","subject":{ "reference":"Patient/{{id}}" } }""")],
        ["Observation"] = [.. s_patients.SelectMany(id => Enumerable.Range(1, 2).Select(number => Observation(id, number)))],
        ["Patient"] = [.. s_patients.Zip(s_genders, (id, gender) => $$"""{ "resourceType" : "Patient", "id":"{{id}}",  "gender":"{{gender}}","name":[{"family":"Gro\u00df 日本"}]}""")],
    };

    /// <summary>Writes it as a folder that a sandbox serves.</summary>
    public void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string type in _lines.Keys)
        {
            File.WriteAllText(Path.Combine(folder, $"{type}.ndjson"), Of(type));
        }
    }

    /// <summary>All resources of a type, as they are served.</summary>
    public string Of(string type) => string.Concat(_lines[type].Select(line => line + "\n"));

    /// <summary>The same resources, patient by patient, without the headers of the blocks.</summary>
    public string Organized() => string.Concat(s_patients.Select((id, index) =>
        string.Concat(_lines["Observation"].Where(line => line.Contains($"Patient/{id}\"", StringComparison.Ordinal)).Prepend(_lines["Patient"][index]).Select(line => line + "\n"))));

    /// <summary>What was saved of a type, over all its files.</summary>
    public static string Saved(string folder, string stem) =>
        string.Concat(Directory.EnumerateFiles(folder, $"{stem}.*.ndjson").Order(StringComparer.Ordinal).Select(path => Encoding.UTF8.GetString(File.ReadAllBytes(path))));

    /// <summary>The same without the headers of blocks.</summary>
    public static string SavedBlocks(string folder) => string.Concat(Saved(folder, "organized").Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => !line.Contains("\"resourceType\":\"Parameters\"", StringComparison.Ordinal)).Select(line => line + "\n"));

    private static string Observation(string patient, int number) =>
        $$"""{"resourceType":"Observation","id":"o-{{patient}}-{{number}}","status":"{{(number == 1 ? "final" : "amended")}}","subject":{ "reference":"Patient/{{patient}}" } }""";
}
