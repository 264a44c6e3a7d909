using System.Globalization;
using System.Text.RegularExpressions;
using GroupExport.Fhir;

namespace GroupExport.Manifests;

/// <summary>Gives each file of a manifest its name in the folder, in order per kind and type: <c>Patient.0001.ndjson</c>, <c>deleted/Bundle.0001.ndjson</c>.</summary>
/// <remarks>Nothing that a server writes reaches the file system: a type that R4 does not know is called <c>unknown</c>.</remarks>
internal sealed partial class FileNames(bool organized)
{
    private readonly Dictionary<(FileKind, string), int> _given = [];

    public string Next(FileKind kind, string? type)
    {
        string stem = Stem(kind, type);
        int number = _given.GetValueOrDefault((kind, stem)) + 1;
        _given[(kind, stem)] = number;
        return $"{Folder(kind)}{stem}.{number:0000}.ndjson";
    }

    /// <summary>The name with the next number.</summary>
    public static string After(string name)
    {
        string[] parts = name.Split('.');
        return $"{parts[0]}.{int.Parse(parts[1], CultureInfo.InvariantCulture) + 1:0000}.ndjson";
    }

    /// <summary>Whether a name has the form of those given here, so that it cannot lead out of the folder: names come back from files and from other processes.</summary>
    public static bool HasForm(string? name) => name is not null && Form().IsMatch(name);

    /// <summary>Whether a name is one under which an export keeps data, a part of it, or its manifest: nothing else may have such a name, or it would be replaced.</summary>
    public static bool IsOfExport(string name) => ExportForm().IsMatch(name);

    private static string Folder(FileKind kind) => kind switch
    {
        FileKind.Deleted => "deleted/",
        FileKind.Error => "error/",
        _ => "",
    };

    private string Stem(FileKind kind, string? type)
    {
        string? known = type is null ? null : ResourceTypes.Find(type);
        return kind switch
        {
            FileKind.Deleted => known ?? "Bundle",
            FileKind.Error => known ?? "OperationOutcome",
            _ when organized => "organized",
            _ => known ?? "unknown",
        };
    }

    [GeneratedRegex(@"^((deleted|error)/)?[A-Za-z]+\.[0-9]{4,9}\.ndjson\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"^([a-z]+\.[0-9]{4,}\.ndjson(\.gz)?(\.part|\.invalid)?|manifest(\.[0-9]{4,})?\.json(\.part)?)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ExportForm();
}
