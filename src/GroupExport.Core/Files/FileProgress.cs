namespace GroupExport.Files;

/// <summary>How far one file is.</summary>
internal sealed class FileProgress(string name, long? promisedBytes, Action<int> onBytes)
{
    private long _bytes;
    private long? _announced;

    public string Name => name;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The size of its content, as the manifest or the answer promises it; null when neither does.</summary>
    public long? Total => promisedBytes ?? _announced;

    /// <summary>The share that is there, 0 to 1; half of it when nobody knows.</summary>
    public double Share => Total is { } total and > 0 ? Math.Min(1, (double)Bytes / total) : 0.5;

    /// <summary>An attempt begins to receive.</summary>
    public void Begin(long? announced)
    {
        _announced = announced;
        Interlocked.Exchange(ref _bytes, 0);
    }

    public void Add(int bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        onBytes(bytes);
    }
}
