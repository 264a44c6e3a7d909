namespace GroupExport.Files;

/// <summary>Counts the lines of NDJSON that hold something; blank lines, carriage returns, a byte order mark and a missing last newline do not matter.</summary>
internal struct LineCounter
{
    private bool _inLine;

    public long Count { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (!_inLine)
            {
                int start = bytes.IndexOfAnyExcept(" \t\r\n\uFEFF"u8);
                if (start < 0)
                {
                    return;
                }

                bytes = bytes[start..];
                _inLine = true;
                Count++;
            }

            int end = bytes.IndexOf((byte)'\n');
            if (end < 0)
            {
                return;
            }

            bytes = bytes[(end + 1)..];
            _inLine = false;
        }
    }
}
