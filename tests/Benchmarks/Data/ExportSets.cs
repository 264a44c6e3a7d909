using System.Text;

namespace GroupExport.Benchmarks.Data;

/// <summary>The exports that are saved, each made of the same sample.</summary>
internal sealed class ExportSets(WorkFolder work, BenchmarkOptions options)
{
    private const int LargestFile = 50_000_000;
    private const int SmallFile = 5_000;

    private readonly SampleType[] _sample = SampleData.Load(work, options);

    /// <summary>All types in their proportions, in files of up to 50 MB.</summary>
    public ExportSet Repeated(string name, int megabytes, bool gzip = false)
    {
        ExportSetWriter writer = new(Path.Combine(work.Served, name), gzip);
        int repeats = Repeats(megabytes, _sample.Sum(type => (long)type.Lines.Length));
        foreach (SampleType type in _sample)
        {
            int inOneFile = Math.Max(1, LargestFile / type.Lines.Length);
            for (int left = repeats; left > 0; left -= inOneFile)
            {
                writer.Add(type.Type, type.Lines, type.Count, Math.Min(left, inOneFile));
            }
        }

        return writer.Finish();
    }

    /// <summary>One file of one type.</summary>
    public ExportSet Single(string name, int megabytes)
    {
        ExportSetWriter writer = new(Path.Combine(work.Served, name));
        SampleType type = Largest;
        writer.Add(type.Type, type.Lines, type.Count, Repeats(megabytes, type.Lines.Length));
        return writer.Finish();
    }

    /// <summary>Files of a few lines, about 5 kB each.</summary>
    public ExportSet Small(string name, int files)
    {
        ExportSetWriter writer = new(Path.Combine(work.Served, name));
        Parts parts = new(Small(), SmallFile);
        for (int file = 0; file < files; file++)
        {
            parts.AddTo(writer);
        }

        return writer.Finish();
    }

    /// <summary>All types in their proportions, cut into so many files of about the same size.</summary>
    public ExportSet Cut(string name, long bytes, int files)
    {
        ExportSetWriter writer = new(Path.Combine(work.Served, name));
        int fileBytes = (int)(bytes / files);
        long sampled = _sample.Sum(type => (long)type.Lines.Length);
        foreach (SampleType type in _sample)
        {
            Parts parts = new(type, fileBytes);
            for (long left = (long)((double)bytes * type.Lines.Length / sampled); left > 0; left -= parts.AddTo(writer))
            {
            }
        }

        return writer.Finish();
    }

    /// <summary>A few big files with many small ones between them.</summary>
    public ExportSet Mixed(string name, int bigFiles, int megabytesEach, int smallFiles)
    {
        ExportSetWriter writer = new(Path.Combine(work.Served, name));
        Parts parts = new(Small(), SmallFile);
        for (int big = 0; big < bigFiles; big++)
        {
            writer.Add(Largest.Type, Largest.Lines, Largest.Count, Repeats(megabytesEach, Largest.Lines.Length));
            for (int small = 0; small < smallFiles / bigFiles; small++)
            {
                parts.AddTo(writer);
            }
        }

        return writer.Finish();
    }

    /// <summary>Files of a few lines that are very long each: documents in base64.</summary>
    public ExportSet LongLines(string name, int files, int linesEach, int lineBytes)
    {
        byte[] line = new byte[lineBytes];
        line.AsSpan().Fill((byte)'A');
        Encoding.ASCII.GetBytes("{\"resourceType\":\"Binary\",\"id\":\"b\",\"contentType\":\"application/pdf\",\"data\":\"").CopyTo(line, 0);
        Encoding.ASCII.GetBytes("\"}\n").CopyTo(line, lineBytes - 3);
        ExportSetWriter writer = new(Path.Combine(work.Served, name));
        for (int file = 0; file < files; file++)
        {
            writer.Add("Binary", line, 1, linesEach);
        }

        return writer.Finish();
    }

    /// <summary>So often that it is never less than what was asked for.</summary>
    private static int Repeats(int megabytes, long bytes) => (int)(((megabytes * 1_000_000L) + bytes - 1) / bytes);

    private SampleType Largest => _sample.MaxBy(type => type.Lines.Length)!;

    /// <summary>The type with the most lines: short ones, so that some fit into a small file.</summary>
    private SampleType Small() => _sample.MaxBy(type => type.Count)!;

    /// <summary>Cuts the lines of a type into parts of a size, over and over.</summary>
    private sealed class Parts(SampleType type, int bytes)
    {
        private int _start;

        /// <returns>How many bytes the file has.</returns>
        public int AddTo(ExportSetWriter writer)
        {
            using MemoryStream content = new();
            while (content.Length == 0 || content.Length + NextLine().Length <= bytes)
            {
                ReadOnlySpan<byte> line = NextLine();
                content.Write(line);
                _start = (_start + line.Length) % type.Lines.Length;
            }

            ReadOnlySpan<byte> whole = content.GetBuffer().AsSpan(0, (int)content.Length);
            writer.Add(type.Type, whole, whole.Count((byte)'\n'));
            return whole.Length;
        }

        private ReadOnlySpan<byte> NextLine()
        {
            ReadOnlySpan<byte> rest = type.Lines.AsSpan(_start);
            return rest[..(rest.IndexOf((byte)'\n') + 1)];
        }
    }
}
