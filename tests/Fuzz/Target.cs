namespace GroupExport.Fuzz;

/// <summary>A reader of bytes from outside, and real documents for it to begin with.</summary>
/// <param name="Name">What is read, as the command line and the folder of found inputs call it.</param>
/// <param name="Seeds">Documents that are read without an error; they are mutated.</param>
/// <param name="Kinds">The documented kinds of errors that reading may end with.</param>
/// <param name="Read">Reads some bytes. A value or an <see cref="ExportException"/> of these kinds is right, everything else is a fault.</param>
internal sealed record Target(string Name, IReadOnlyList<byte[]> Seeds, IReadOnlyList<ExportErrorKind> Kinds, Action<byte[]> Read)
{
    /// <summary>The time that no input of a few kilobytes may take, however busy the machine.</summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(1);

    /// <summary>What reading may allocate: a share that does not depend on the input, and so much for each of its bytes.</summary>
    private const long MaxBytes = 64 * 1024 * 1024;

    private const long MaxBytesPerByte = 4096;

    /// <summary>Reads some bytes.</summary>
    /// <exception cref="InvalidOperationException">The reader broke, hung or took too much memory.</exception>
    public void Run(byte[] input)
    {
        Task<long> reading = Task.Run(() => Measure(input));
        if (!reading.Wait(s_hang))
        {
            throw new InvalidOperationException($"{Name} has not ended after {s_hang}.");
        }

        if (reading.Result > MaxBytes + (MaxBytesPerByte * input.Length))
        {
            throw new InvalidOperationException($"{Name} allocated {reading.Result} bytes for an input of {input.Length}.");
        }
    }

    public override string ToString() => Name;

    private long Measure(byte[] input)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Read(input);
        }
        catch (ExportException failure) when (Kinds.Contains(failure.Kind))
        {
            // A documented error is an answer.
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{Name} ended with {Describe(exception)}", exception);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string Describe(Exception exception) =>
        exception is ExportException failure ? $"the kind {failure.Kind}, which is not documented for it: {failure.Message}" : $"{exception.GetType().Name}: {exception.Message}";
}
