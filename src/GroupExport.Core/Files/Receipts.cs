using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>Receipts as objects.</summary>
internal static class Receipts
{
    /// <exception cref="ExportException">The folder has no receipt, or it cannot be read.</exception>
    public static ReceiptDocument Read(string folder) => new ReceiptStore(folder).Read() ?? throw new ExportException(
        ExportErrorKind.ReceiptNotFound,
        $"{folder} has no {ReceiptStore.ReceiptName}: no export was saved there. Give the folder that Save-ExportFiles wrote to.")
    {
        Subject = folder,
    };

    /// <summary>The receipt of a folder for people and scripts.</summary>
    public static ExportReceipt Open(string folder)
    {
        ReceiptDocument document = Read(folder);
        SavedFile[] files = [.. document.Files.Select(entry => ToSavedFile(entry, document, folder, StateOnDisk(entry, folder)))];
        SavedFile[] saved = [.. files.Where(file => file.State == ReceiptEntry.Saved)];
        return new ExportReceipt(document.Job)
        {
            Path = folder,
            State = files.Length == saved.Length ? document.State : ExportReceipt.Incomplete,
            Confirmed = document.Confirmed,
            TransactionTime = document.TransactionTime,
            Expires = document.Expires,
            FileCount = files.Length,
            SavedCount = saved.Length,
            ResourceCount = saved.Where(file => file.Kind == ExportFile.Output).Sum(file => file.Count ?? 0),
            Bytes = saved.Sum(file => file.Bytes),
            TypesWithoutFile = document.TypesWithoutFile,
            FatalCount = document.Messages.Fatal,
            ErrorCount = document.Messages.Error,
            WarningCount = document.Messages.Warning,
            InformationCount = document.Messages.Information,
            Files = files,
        };
    }

    /// <summary>A file that was saved and is no longer there as it was is missing, whatever the receipt says.</summary>
    private static string StateOnDisk(ReceiptEntry entry, string folder) =>
        entry.State is not (ReceiptEntry.Saved or ReceiptEntry.Invalid) || entry.LiesIn(folder) ? entry.State : "Missing";

    public static SavedFile ToSavedFile(ReceiptEntry entry, ExportFolder folder, string state) =>
        ToSavedFile(entry, folder.Receipt, folder.FullPath, state);

    private static SavedFile ToSavedFile(ReceiptEntry entry, ReceiptDocument receipt, string folder, string state) => new()
    {
        Kind = entry.Kind,
        Type = entry.Type,
        State = state,
        Count = entry.Count,
        Bytes = entry.Bytes,
        StoredBytes = entry.StoredBytes,
        Sha256 = entry.Sha256,
        ProvedBy = entry.ProvedBy,
        DecodedFrom = entry.DecodedFrom,
        Path = ExportFolder.PathOf(folder, entry.OnDisk),
        Name = entry.OnDisk,
        ContinuesIn = entry.ContinuesIn,
        Seconds = (double)entry.Seconds,
        Attempts = entry.Attempts,
        ResumedBytes = entry.ResumedBytes,
        BadLines = entry.BadLines,
        GroupId = receipt.Job.GroupId,
        StatusUrl = receipt.Job.StatusUrl,
    };
}
