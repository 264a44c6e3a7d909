namespace GroupExport.Files;

/// <summary>A file that came, and waits in its part for its name.</summary>
/// <param name="Entry">Its entry in the receipt, once it has it.</param>
/// <param name="Part">Where it lies.</param>
/// <param name="Path">Where it belongs.</param>
/// <param name="Replaces">What earlier runs left of it in its other form, and is of no use any more.</param>
/// <param name="Flaw">Why it is kept aside instead; null when it is what was promised.</param>
internal sealed record FetchedFile(ReceiptEntry Entry, PartFile Part, string Path, IReadOnlyList<string> Replaces, ExportException? Flaw)
{
    /// <summary>Gives it its name, or puts it aside.</summary>
    public void Settle()
    {
        string aside = Path + ReceiptEntry.AsideEnding;
        Part.MoveTo(Flaw is null ? Path : aside);
        foreach (string old in Flaw is null ? [aside, .. Replaces] : Replaces)
        {
            ExportFolder.OnDisk(() => File.Delete(old));
        }
    }
}
