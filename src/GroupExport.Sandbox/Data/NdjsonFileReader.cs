using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace GroupExport.Sandbox.Data;

/// <summary>Reads one NDJSON file and keeps its bytes as they are: blank lines, carriage returns, byte order mark and a missing final line feed.</summary>
internal sealed class NdjsonFileReader
{
    private const int ChunkSize = 1024 * 1024;

    private readonly string _path;
    private readonly PatientDirectory _patients;
    private readonly List<ReadOnlyMemory<byte>> _chunks = [];
    private readonly List<ResourceLine> _lines = [];
    private string? _resourceType;
    private long _lineNumber;

    private NdjsonFileReader(string path, PatientDirectory patients)
    {
        _path = path;
        _patients = patients;
    }

    /// <summary>Reads a file; null when it holds no resource.</summary>
    /// <exception cref="SandboxException">The file cannot be read, or a line is no resource of the file's type.</exception>
    public static ResourceFile? Read(string path, PatientDirectory patients)
    {
        var reader = new NdjsonFileReader(path, patients);
        try
        {
            using var stream = Open(path);
            reader.ReadChunks(stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SandboxException($"'{path}' cannot be read: {exception.Message}", exception);
        }

        return reader._resourceType is { } type ? new ResourceFile(type, [.. reader._chunks], [.. reader._lines]) : null;
    }

    private static Stream Open(string path)
    {
        var file = File.OpenRead(path);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    // Each chunk ends at a line feed, and only the last one need not; what follows the last line feed moves to the next chunk.
    private void ReadChunks(Stream stream)
    {
        var buffer = new byte[ChunkSize];
        var filled = 0;
        while (true)
        {
            var read = stream.ReadAtLeast(buffer.AsSpan(filled), buffer.Length - filled, throwOnEndOfStream: false);
            var atEnd = read < buffer.Length - filled;
            filled += read;
            var whole = atEnd ? filled : buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
            if (whole == 0 && !atEnd)
            {
                Array.Resize(ref buffer, checked(buffer.Length * 2));
                continue;
            }

            AddChunk(buffer.AsMemory(0, whole));
            if (atEnd)
            {
                return;
            }

            var next = new byte[Math.Max(ChunkSize, (filled - whole) * 2)];
            buffer.AsSpan(whole, filled - whole).CopyTo(next);
            filled -= whole;
            buffer = next;
        }
    }

    private void AddChunk(ReadOnlyMemory<byte> chunk)
    {
        if (chunk.IsEmpty)
        {
            return;
        }

        _chunks.Add(chunk);
        var offset = 0;
        while (offset < chunk.Length)
        {
            var lineFeed = chunk.Span[offset..].IndexOf((byte)'\n');
            var length = lineFeed < 0 ? chunk.Length - offset : lineFeed + 1;
            AddLine(chunk.Span.Slice(offset, length), offset);
            offset += length;
        }
    }

    private void AddLine(ReadOnlySpan<byte> line, int offset)
    {
        _lineNumber++;
        var json = line;
        if (_lineNumber == 1 && json.StartsWith(Encoding.UTF8.Preamble))
        {
            json = json[Encoding.UTF8.Preamble.Length..];
        }

        json = json.Trim(" \t\r\n"u8);
        if (json.IsEmpty)
        {
            return;
        }

        var facts = ReadFacts(json);
        if (_resourceType is not null && facts.ResourceType != _resourceType)
        {
            throw Unusable($"is no {_resourceType} as the lines before it; a file must hold one resource type");
        }

        _resourceType = facts.ResourceType;

        // From the object on, so that a filtered file has neither byte order mark nor indentation, up to and with the line feed.
        var length = json.Length + line.Length - line.TrimEnd(" \t\r\n"u8).Length;
        _lines.Add(new ResourceLine(_chunks.Count - 1, offset + line.Length - length, length, Patient(facts), LastUpdated(facts)));
    }

    private ResourceFacts ReadFacts(ReadOnlySpan<byte> json)
    {
        ResourceFacts facts;
        try
        {
            facts = ResourceFacts.Read(json);
        }
        catch (JsonException exception)
        {
            throw Unusable("is not one JSON object", exception);
        }

        return string.IsNullOrEmpty(facts.ResourceType) ? throw Unusable("has no resourceType") : facts;
    }

    private int Patient(in ResourceFacts facts)
    {
        if (facts.ResourceType == "Patient")
        {
            return facts.Id is { Length: > 0 } own ? _patients.AddResource(own) : throw Unusable("is a Patient without id");
        }

        return PatientReferences.TryGetId(facts.PatientReference, out var id, out var namesPatient)
            ? _patients.AddReference(id, namesPatient)
            : ResourceLine.NoPatient;
    }

    private static long LastUpdated(in ResourceFacts facts) =>
        DateTimeOffset.TryParse(facts.LastUpdated, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcTicks
            : ResourceLine.NoTime;

    // Says where and what, never the line itself: it may be a real patient's.
    private SandboxException Unusable(string what, Exception? cause = null)
    {
        var message = $"Line {_lineNumber} of '{_path}' {what}.";
        return cause is null ? new SandboxException(message) : new SandboxException(message, cause);
    }
}
