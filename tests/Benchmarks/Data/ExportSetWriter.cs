using System.Globalization;
using System.IO.Compression;

namespace GroupExport.Benchmarks.Data;

/// <summary>Writes the files of an export, named as the module names them: by type and by their place in the manifest.</summary>
internal sealed class ExportSetWriter(string folder, bool gzip = false)
{
    private readonly string _folder = Directory.CreateDirectory(folder).FullName;
    private readonly Dictionary<string, int> _given = [];
    private readonly List<ExportSetFile> _files = [];

    /// <summary>Adds a file of a content that is repeated.</summary>
    /// <param name="type">The resource type.</param>
    /// <param name="content">Whole lines.</param>
    /// <param name="lines">How many.</param>
    /// <param name="repeats">How often the content stands in the file.</param>
    public void Add(string type, ReadOnlySpan<byte> content, long lines, int repeats = 1)
    {
        int number = _given.GetValueOrDefault(type) + 1;
        _given[type] = number;
        string name = string.Create(CultureInfo.InvariantCulture, $"{type}.{number:0000}.ndjson");
        using (FileStream file = File.Create(Path.Combine(_folder, name)))
        {
            Repeat(file, content, repeats);
        }

        if (gzip)
        {
            using GZipStream packed = new(File.Create(Path.Combine(_folder, name + ".gz")), CompressionLevel.Fastest);
            Repeat(packed, content, repeats);
        }

        _files.Add(new ExportSetFile(type, name, lines * repeats, (long)content.Length * repeats));
    }

    public ExportSet Finish()
    {
        ExportSet set = new(_folder, _files);
        set.WriteList();
        return set;
    }

    private static void Repeat(Stream target, ReadOnlySpan<byte> content, int repeats)
    {
        for (int done = 0; done < repeats; done++)
        {
            target.Write(content);
        }
    }
}
