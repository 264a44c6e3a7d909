using GroupExport.Disk;
using GroupExport.Files;
using GroupExport.Jobs;

namespace GroupExport.Fuzz;

/// <summary>The files that an earlier run left, or that someone changed since.</summary>
internal static class FolderTargets
{
    private static readonly string s_folder = Directory.CreateTempSubdirectory("fuzz-").FullName;

    private static readonly ExportJob s_job = new() { StatusUrl = "https://fhir.example.org/status/1", GroupId = "g", Server = "https://fhir.example.org/r4/", StartedAt = new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc) };

    private static readonly ReceiptEntry s_entry = new() { Name = "Patient.0001.ndjson", Kind = "output", Type = "Patient", Page = 1, Source = "ab", State = "Saved", Count = 1, Bytes = 3, StoredBytes = 3, Sha256 = new string('a', 64), ProvedBy = "Count", Attempts = 1 };

    private static readonly ReceiptDocument s_receipt = new() { Job = s_job, State = "Incomplete", HasManifest = true, TransactionTime = "2026-11-01T00:00:00Z", Files = [s_entry with { State = "Planned", Sha256 = null, Count = null }] };

    public static IReadOnlyList<Target> All { get; } =
    [
        new("receipt", [Receipt()], [ExportErrorKind.InvalidReceipt], ReadReceipt),
        new("receipt-resealed", [Receipt()], [ExportErrorKind.InvalidReceipt], input => ReadReceipt(Resealed(input, ReceiptJson.Default.ReceiptDocument))),
        new("journal", [Line()], [], ReadJournal),
        new("journal-resealed", [Line()], [], input => ReadJournal(Resealed(input, JournalJson.Default.ReceiptEntry))),
        new("job-file", [JobFileText()], [ExportErrorKind.InvalidJobFile], ReadJobFile),
        new("job-file-resealed", [JobFileText()], [ExportErrorKind.InvalidJobFile], input => ReadJobFile(Resealed(input, JobFileJson.Default.JobFileDocument))),
    ];

    private static byte[] Receipt() => SealedJson.Write(s_receipt, ReceiptJson.Default.ReceiptDocument, indented: true);

    private static byte[] Line() => [.. SealedJson.Write(s_entry, JournalJson.Default.ReceiptEntry, indented: false), (byte)'\n'];

    private static byte[] JobFileText() =>
        SealedJson.Write(new JobFileDocument { State = "Running", Fingerprint = "a.b", GroupId = "g", Job = s_job }, JobFileJson.Default.JobFileDocument, indented: true);

    /// <summary>Gives a changed document the digest that is right for it, so that the checks behind the digest are reached.</summary>
    private static byte[] Resealed<T>(byte[] input, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class =>
        SealedJson.Read(input, type).Value is { } value ? SealedJson.Write(value, type, indented: false) : input;

    private static void ReadReceipt(byte[] input)
    {
        string folder = Folder("receipt");
        File.WriteAllBytes(Path.Combine(folder, ReceiptStore.ReceiptName), input);
        ExportReceipt receipt = Receipts.Open(folder);
        if (receipt.State != "Incomplete")
        {
            throw new InvalidOperationException($"A receipt whose file is not there is {receipt.State}.");
        }
    }

    private static void ReadJournal(byte[] input)
    {
        string folder = Folder("journal");
        File.WriteAllBytes(Path.Combine(folder, ReceiptStore.ReceiptName), Receipt());
        File.WriteAllBytes(Path.Combine(folder, ReceiptStore.JournalName), input);
        ExportReceipt receipt = Receipts.Open(folder);
        if (receipt.State != "Incomplete" || receipt.FileCount != 1)
        {
            throw new InvalidOperationException($"The receipt is {receipt.State} with {receipt.FileCount} files.");
        }
    }

    private static void ReadJobFile(byte[] input)
    {
        string path = Path.Combine(Folder("job"), "job.json");
        File.WriteAllBytes(path, input);
        _ = JobFile.Read(path);
    }

    private static string Folder(string name) => Directory.CreateDirectory(Path.Combine(s_folder, name)).FullName;
}
