namespace GroupExport.Files;

/// <summary>Counts the lines of NDJSON that hold something; blank lines, carriage returns, a byte order mark and a missing last newline do not matter.</summary>
internal struct LineCounter
{
    private bool _inLine;
    private byte _last;

    public long Count { get; private set; }

    /// <summary>The first line, from 1, that does not begin as a JSON object does; 0 when all do.</summary>
    public long FirstStrangeLine { get; private set; }

    /// <summary>Whether the text breaks off inside its last line: what is not blank at the end is no closing brace.</summary>
    public readonly bool BreaksOff => Count > 0 && _last != (byte)'}';

    public void Add(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.LastIndexOfAnyExcept(" \t\r\n"u8);
        if (end >= 0)
        {
            _last = bytes[end];
        }

        CountLines(bytes);
    }

    private void CountLines(ReadOnlySpan<byte> bytes)
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
                if (bytes[0] != (byte)'{' && FirstStrangeLine == 0)
                {
                    FirstStrangeLine = Count;
                }
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
