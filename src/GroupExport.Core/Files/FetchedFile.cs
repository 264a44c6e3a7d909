namespace GroupExport.Files;

/// <summary>A file that came, and waits in its part for its name.</summary>
/// <param name="Entry">Its entry in the receipt, once it has it.</param>
/// <param name="Part">Where it lies.</param>
/// <param name="Path">Where it belongs.</param>
/// <param name="Replaces">What an earlier run saved in another form; null when there is none.</param>
/// <param name="Flaw">Why it is kept aside instead; null when it is what was promised.</param>
internal sealed record FetchedFile(ReceiptEntry Entry, PartFile Part, string Path, string? Replaces, ExportException? Flaw)
{
    /// <summary>Gives it its name, or puts it aside.</summary>
    public void Settle()
    {
        string aside = Path + ReceiptEntry.AsideEnding;
        if (Flaw is not null)
        {
            Part.MoveTo(aside);
            return;
        }

        Part.MoveTo(Path);
        ExportFolder.OnDisk(() => File.Delete(aside));
        if (Replaces is not null)
        {
            ExportFolder.OnDisk(() => File.Delete(Replaces));
        }
    }
}
