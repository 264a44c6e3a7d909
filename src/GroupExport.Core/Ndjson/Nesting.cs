namespace GroupExport.Ndjson;

/// <summary>Which brackets are open, a bit each; the innermost 64 are at hand, the others are stored away in words.</summary>
internal struct Nesting
{
    /// <summary>Deep enough for any resource; a limit is allowed by RFC 8259 section 9.</summary>
    public const int MaxDepth = 512;

    private const int WordBits = 64;

    private readonly ulong[] _outer;
    private ulong _inner;

    public Nesting() => _outer = new ulong[MaxDepth / WordBits];

    public int Depth { get; private set; }

    public readonly bool InArray => (_inner & 1) != 0;

    public bool TryPush(bool array)
    {
        if (Depth % WordBits == 0)
        {
            if (Depth == MaxDepth)
            {
                return false;
            }

            _outer[Depth / WordBits] = _inner;
        }

        _inner = (_inner << 1) | (array ? 1UL : 0);
        Depth++;
        return true;
    }

    public void Pop()
    {
        Depth--;
        _inner = Depth % WordBits == 0 ? _outer[Depth / WordBits] : _inner >> 1;
    }

    public void Clear() => Depth = 0;
}
