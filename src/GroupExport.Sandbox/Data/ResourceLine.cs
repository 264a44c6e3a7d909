namespace GroupExport.Sandbox.Data;

/// <summary>One resource in a <see cref="ResourceFile"/>: where its line lies, and what most filters ask for, so that they need not parse it.</summary>
/// <param name="Chunk">Index of the chunk that holds the whole line.</param>
/// <param name="Offset">Where the line begins in its chunk.</param>
/// <param name="Length">Bytes of the line, its line feed included where there is one.</param>
/// <param name="Patient">Number of its patient in the <see cref="PatientDirectory"/>, or <see cref="NoPatient"/>.</param>
/// <param name="LastUpdatedTicks">UTC ticks of <c>meta.lastUpdated</c>, or <see cref="NoTime"/>.</param>
internal readonly record struct ResourceLine(int Chunk, int Offset, int Length, int Patient, long LastUpdatedTicks)
{
    /// <summary>The resource belongs to no patient's compartment (Organization, Practitioner, ...).</summary>
    public const int NoPatient = -1;

    /// <summary>The resource has no <c>meta.lastUpdated</c>.</summary>
    public const long NoTime = -1;
}
