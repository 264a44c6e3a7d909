using System.Text;

namespace GroupExport.Import;

/// <summary>The names of properties, each made a string once: exports say the same few thousand names over and over. Of one thread.</summary>
internal sealed class NameTable
{
    /// <summary>More names than FHIR has: what goes beyond is made up by somebody.</summary>
    private const int MostNames = 16 * 1024;

    [ThreadStatic]
    private static NameTable? s_ofThread;

    /// <summary>Names that differ only in case share a number.</summary>
    private readonly Dictionary<string, int> _numbers = new(StringComparer.OrdinalIgnoreCase);

    private readonly List<(string Name, int Number)> _pushed = [];

    private Entry[] _entries = new Entry[1024];
    private int _count;
    private long[] _seenIn = new long[1024];
    private int[] _seenAt = new int[1024];
    private long _object;

    /// <summary>The table of the current thread, at the beginning of something to read.</summary>
    public static NameTable OfThread
    {
        get
        {
            NameTable table = s_ofThread ??= new NameTable();
            table._pushed.Clear();
            if (table._count > MostNames)
            {
                table.Clear();
            }

            return table;
        }
    }

    /// <summary>How many names of objects are at hand that have been begun and not ended.</summary>
    public int Pushed => _pushed.Count;

    /// <summary>Takes the next name of the object that was begun last.</summary>
    /// <param name="utf8">The name, between its quotation marks.</param>
    /// <param name="isEscaped">Whether it has escapes.</param>
    public string Push(ReadOnlySpan<byte> utf8, bool isEscaped)
    {
        (string Name, int Number) found = Find(utf8, isEscaped);
        _pushed.Add(found);
        return found.Name;
    }

    /// <summary>Ends an object.</summary>
    /// <param name="first">How many names were at hand when it was begun.</param>
    /// <returns>Why its names cannot be those of one PowerShell object; null when they can.</returns>
    public string? Pop(int first)
    {
        BeginObject();
        string? fault = null;
        for (int index = first; index < _pushed.Count; index++)
        {
            string name = _pushed[index].Name;
            if (name.Length == 0)
            {
                fault = ImportFaults.Nameless;
            }
            else if (Mark(index, index) is >= 0 and int seenAt && _pushed[seenAt].Name != name)
            {
                fault = ImportFaults.Twins;
            }
        }

        _pushed.RemoveRange(first, _pushed.Count - first);
        return fault;
    }

    /// <summary>From here on names are marked for another object.</summary>
    public void BeginObject() => _object++;

    /// <summary>Marks a name that is at hand as one of the object's.</summary>
    /// <param name="pushed">Which of the names at hand.</param>
    /// <param name="index">A number of the caller's for it.</param>
    /// <returns>That number of the name that was the same but perhaps for its case and was marked before; negative when none was.</returns>
    public int Mark(int pushed, int index)
    {
        int number = _pushed[pushed].Number;
        if (_seenIn[number] == _object)
        {
            return _seenAt[number];
        }

        _seenIn[number] = _object;
        _seenAt[number] = index;
        return -1;
    }

    /// <summary>A name as a string, and a number that those have in common that differ only in case.</summary>
    /// <param name="utf8">The name, between its quotation marks.</param>
    /// <param name="isEscaped">Whether it has escapes.</param>
    public (string Name, int Number) Find(ReadOnlySpan<byte> utf8, bool isEscaped)
    {
        if (isEscaped)
        {
            utf8 = Encoding.UTF8.GetBytes(JsonText.Unescape(utf8));
        }

        // Seeded anew in each process, so that nobody can choose names that collide.
        HashCode code = default;
        code.AddBytes(utf8);
        int hash = code.ToHashCode();
        int mask = _entries.Length - 1;
        int at = hash & mask;
        while (_entries[at] is { Utf8: not null } entry)
        {
            if (entry.Hash == hash && utf8.SequenceEqual(entry.Utf8))
            {
                return (entry.Name, entry.Number);
            }

            at = (at + 1) & mask;
        }

        return Add(utf8, hash, at);
    }

    private void Clear()
    {
        _entries = new Entry[1024];
        _numbers.Clear();
        _count = 0;
    }

    private (string Name, int Number) Add(ReadOnlySpan<byte> utf8, int hash, int at)
    {
        string name = Encoding.UTF8.GetString(utf8);
        if (!_numbers.TryGetValue(name, out int number))
        {
            number = _numbers.Count;
            _numbers.Add(name, number);
            if (number == _seenIn.Length)
            {
                Array.Resize(ref _seenIn, number * 2);
                Array.Resize(ref _seenAt, number * 2);
            }
        }

        Entry entry = new(utf8.ToArray(), hash, name, number);
        _entries[at] = entry;
        if (++_count * 2 > _entries.Length)
        {
            Grow();
        }

        return (name, number);
    }

    private void Grow()
    {
        Entry[] grown = new Entry[_entries.Length * 2];
        int mask = grown.Length - 1;
        foreach (Entry entry in _entries.Where(entry => entry.Utf8 is not null))
        {
            int at = entry.Hash & mask;
            while (grown[at].Utf8 is not null)
            {
                at = (at + 1) & mask;
            }

            grown[at] = entry;
        }

        _entries = grown;
    }

    private readonly record struct Entry(byte[] Utf8, int Hash, string Name, int Number);
}
