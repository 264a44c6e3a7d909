using System.Globalization;

namespace GroupExport.Benchmarks.Data;

/// <summary>One file of an export as it is served; its name is the one that the module gives it.</summary>
internal sealed record ExportSetFile(string Type, string Name, long Count, long Bytes);

/// <summary>The files of one export, in a folder below the one that is served.</summary>
internal sealed record ExportSet(string Folder, IReadOnlyList<ExportSetFile> Files)
{
    private const string ListName = "files.tsv";

    public string Name => Path.GetFileName(Folder);

    public long Bytes => Files.Sum(file => file.Bytes);

    public string PathOf(ExportSetFile file) => Path.Combine(Folder, file.Name);

    public static ExportSet Read(string folder) => new(folder, [.. File.ReadLines(Path.Combine(folder, ListName)).Select(Parse)]);

    public void WriteList() => File.WriteAllLines(
        Path.Combine(Folder, ListName),
        Files.Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Type}\t{file.Name}\t{file.Count}\t{file.Bytes}")));

    private static ExportSetFile Parse(string line)
    {
        string[] fields = line.Split('\t');
        return new ExportSetFile(fields[0], fields[1], long.Parse(fields[2], CultureInfo.InvariantCulture), long.Parse(fields[3], CultureInfo.InvariantCulture));
    }
}
