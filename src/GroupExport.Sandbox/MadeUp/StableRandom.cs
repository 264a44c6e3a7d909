namespace GroupExport.Sandbox.MadeUp;

/// <summary>SplitMix64: System.Random promises no sequence across runtimes, and made-up data must be the same bytes everywhere.</summary>
internal struct StableRandom
{
    private ulong _state;

    /// <summary>A sequence of its own for each patient, so that a patient does not change with the number of patients.</summary>
    public StableRandom(int seed, int sequence) => _state = Mix(((ulong)(uint)seed << 32) | (uint)sequence);

    /// <summary>A number from <paramref name="from"/> up to but not including <paramref name="to"/>.</summary>
    public int Next(int from, int to) => from + (int)(Next() % (ulong)(to - from));

    public T Pick<T>(ReadOnlySpan<T> choices) => choices[Next(0, choices.Length)];

    /// <summary>True in <paramref name="percent"/> of a hundred cases.</summary>
    public bool Chance(int percent) => Next(0, 100) < percent;

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mix(_state);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
