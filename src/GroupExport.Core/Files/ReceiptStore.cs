using GroupExport.Disk;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>
/// The receipt of a folder on disk: <c>export.json</c>, rewritten atomically at the turning points, and beside it the journal
/// <c>export.journal</c> with a line for each file that was finished since. Receipt and lines carry a digest of their own (<see cref="SealedJson"/>).
/// </summary>
internal sealed class ReceiptStore(string folder)
{
    public const string ReceiptName = "export.json";
    public const string JournalName = "export.journal";

    /// <summary>Where a damaged receipt is kept once the export was saved on.</summary>
    public const string DamagedName = ReceiptName + ".damaged";

    private const int MaxBytes = 512 * 1024 * 1024;
    private const int MaxLineBytes = 64 * 1024;

    private readonly string _receiptPath = Path.Combine(folder, ReceiptName);
    private readonly string _journalPath = Path.Combine(folder, JournalName);

    /// <summary>Reads receipt and journal; null when the folder has none.</summary>
    /// <exception cref="ExportException">The receipt cannot be read, is damaged, or is of a newer version (<see cref="ExportErrorKind.InvalidReceipt"/>).</exception>
    public ReceiptDocument? Read()
    {
        RequireFiles();
        if (!File.Exists(_receiptPath))
        {
            return null;
        }

        SealedJson<ReceiptDocument> read = SealedJson.Read(Content(_receiptPath), ReceiptJson.Default.ReceiptDocument);
        RequireKnownVersion(read.Version);
        if (!read.IsIntact)
        {
            throw Damaged("is damaged, or was edited");
        }

        if (read.Value is not { } receipt || ReceiptRules.Violation(receipt) is not null)
        {
            throw Damaged(read.Value is null ? "is damaged" : ReceiptRules.Violation(read.Value)!);
        }

        ReceiptDocument whole = WithJournal(receipt with { Job = receipt.Job.WithLists() });
        return ReceiptRules.Violation(whole) is { } violation ? throw Damaged(violation) : whole;
    }

    /// <summary>Returns what a damaged receipt and its journal hold of a job; null if they are not damaged, not readable, or of another job.</summary>
    public ReceiptSalvage? FindSalvage(ExportJob job)
    {
        byte[] content;
        try
        {
            RequireFiles();
            content = Content(_receiptPath);
        }
        catch (ExportException)
        {
            return null;
        }

        SealedJson<ReceiptDocument> read = SealedJson.Read(content, ReceiptJson.Default.ReceiptDocument);
        return read.Version > ReceiptDocument.NewestVersion ? null : ReceiptSalvage.Find(job, content, read.Value, () => JournalEntries());
    }

    /// <summary>Gets a value indicating whether the receipt can be read by this version, only not which job it is of.</summary>
    public bool IsOfUnknownJob
    {
        get
        {
            try
            {
                Probe();
                return true;
            }
            catch (ExportException)
            {
                return false;
            }
        }
    }

    /// <summary>Throws when nothing could ever be saved here: the receipt or the journal is not a file, or a newer version wrote it.</summary>
    /// <exception cref="ExportException">It is so.</exception>
    public void Probe()
    {
        RequireFiles();
        if (File.Exists(_receiptPath))
        {
            RequireKnownVersion(SealedJson.Read(Content(_receiptPath), ReceiptJson.Default.ReceiptDocument).Version);
        }
    }

    /// <summary>Writes the receipt in one step and empties the journal, which it now contains.</summary>
    public void Write(ReceiptDocument receipt)
    {
        byte[] content = SealedJson.Write(receipt, ReceiptJson.Default.ReceiptDocument, indented: true);
        AtomicFile.Write(_receiptPath, stream => stream.Write(content));
        File.Delete(_journalPath);
    }

    /// <summary>Keeps what a damaged receipt holds, for whoever wants to look.</summary>
    public void KeepDamaged(ReadOnlyMemory<byte> content) => AtomicFile.Write(Path.Combine(folder, DamagedName), stream => stream.Write(content.Span));

    /// <summary>Adds files to the journal.</summary>
    public void Append(IReadOnlyCollection<ReceiptEntry> entries, bool flush)
    {
        using MemoryStream lines = new();
        foreach (ReceiptEntry entry in entries)
        {
            lines.Write(SealedJson.Write(entry, JournalJson.Default.ReceiptEntry, indented: false));
            lines.WriteByte((byte)'\n');
        }

        OrdinaryFile.Require(_journalPath);
        using FileStream stream = PrivateFiles.Open(_journalPath, FileMode.Append, FileShare.Read, bufferSize: 0);
        stream.Write(lines.GetBuffer().AsSpan(0, (int)lines.Length));
        stream.Flush(flushToDisk: flush);
    }

    /// <summary>The receipt knows name, kind, type and source of a file from the manifest: a line that disagrees is not of this file.</summary>
    private ReceiptDocument WithJournal(ReceiptDocument receipt)
    {
        Dictionary<string, ReceiptEntry> known = receipt.Files.ToDictionary(file => file.Name);
        Dictionary<string, ReceiptEntry> finished = [];
        foreach (ReceiptEntry entry in JournalEntries())
        {
            if (known.TryGetValue(entry.Name, out ReceiptEntry? file) && (entry.Kind, entry.Type, entry.Source) == (file.Kind, file.Type, file.Source))
            {
                finished[entry.Name] = entry;
            }
        }

        return finished.Count == 0 ? receipt : receipt with { Files = [.. receipt.Files.Select(file => finished.GetValueOrDefault(file.Name, file))] };
    }

    /// <summary>The whole lines. One that a killed process left half-written, or that was damaged since, is not a line.</summary>
    private IEnumerable<ReceiptEntry> JournalEntries()
    {
        if (!File.Exists(_journalPath))
        {
            yield break;
        }

        ReadOnlyMemory<byte> rest = Content(_journalPath);
        while (!rest.IsEmpty)
        {
            int end = rest.Span.IndexOf((byte)'\n');
            ReadOnlyMemory<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.Length <= MaxLineBytes
                && SealedJson.Read(line, JournalJson.Default.ReceiptEntry) is { IsIntact: true, Value: { } entry }
                && ReceiptRules.Violation(entry) is null)
            {
                yield return entry;
            }
        }
    }

    private byte[] Content(string path)
    {
        try
        {
            return OrdinaryFile.ReadAll(path, MaxBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Invalid($"The receipt {path} cannot be read now ({exception.Message.TrimEnd('.')}). Leave it as it is, get the right to read it, and try again.", exception);
        }
    }

    private void RequireFiles()
    {
        foreach (string path in new[] { _receiptPath, _journalPath })
        {
            if (OrdinaryFile.ObstacleAt(path) is { } obstacle)
            {
                throw Invalid($"{path} {obstacle}, so that it is not read. Remove it, and save the export again.");
            }
        }
    }

    private void RequireKnownVersion(int? version)
    {
        if (version > ReceiptDocument.NewestVersion)
        {
            throw Invalid($"The receipt {_receiptPath} was written by a newer version of this module (format {version}). Nothing was changed: update the module.");
        }
    }

    private ExportException Damaged(string how) => Invalid(
        $"The receipt {_receiptPath} {how}. Pipe the job, its job file or its status URL to Save-ExportFiles -Path '{folder}': it keeps the files whose SHA-256 is right and fetches the rest.");

    private ExportException Invalid(string message, Exception? cause = null) => new(ExportErrorKind.InvalidReceipt, message, cause) { Subject = folder };
}
