namespace GroupExport.Benchmarks.Serving;

/// <summary>What stands at a path: in memory when it is small, else in a file that the system sends by itself.</summary>
/// <param name="ContentType">The media type.</param>
/// <param name="Encoding">The content encoding, or null.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Memory">The content, or null when it stands in a file.</param>
/// <param name="FilePath">The file, or null.</param>
/// <param name="IsCounted">Whether it is a file of an export.</param>
internal sealed record ServedBody(string ContentType, string? Encoding, long Length, byte[]? Memory, string? FilePath, bool IsCounted)
{
    private const int MostInMemory = 256 * 1024;

    /// <summary>A strong validator; what is served never changes.</summary>
    public string ETag { get; } = $"\"{Guid.NewGuid():N}\"";

    public static ServedBody OfJson(byte[] json) => new("application/json", null, json.Length, json, null, IsCounted: false);

    public static ServedBody OfFile(string path, string? encoding)
    {
        long length = new FileInfo(path).Length;
        return length <= MostInMemory
            ? new ServedBody("application/fhir+ndjson", encoding, length, File.ReadAllBytes(path), null, IsCounted: true)
            : new ServedBody("application/fhir+ndjson", encoding, length, null, path, IsCounted: true);
    }
}
