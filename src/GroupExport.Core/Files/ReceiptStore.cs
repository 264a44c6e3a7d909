using System.Text.Json;
using GroupExport.Disk;
using GroupExport.Manifests;

namespace GroupExport.Files;

/// <summary>
/// The receipt of a folder on disk: <c>export.json</c>, rewritten atomically at the turning points, and beside it the journal
/// <c>export.journal</c> with a line for each file that was finished since.
/// </summary>
internal sealed class ReceiptStore(string folder)
{
    public const string ReceiptName = "export.json";
    public const string JournalName = "export.journal";

    private readonly string _receiptPath = Path.Combine(folder, ReceiptName);
    private readonly string _journalPath = Path.Combine(folder, JournalName);

    /// <summary>Reads receipt and journal; null when the folder has none.</summary>
    /// <exception cref="ExportException">The receipt cannot be read (<see cref="ExportErrorKind.InvalidReceipt"/>).</exception>
    public ReceiptDocument? Read()
    {
        if (!File.Exists(_receiptPath))
        {
            return null;
        }

        try
        {
            ReceiptDocument? receipt = Deserialize();
            return receipt is null ? throw Unreadable() : WithJournal(Checked(receipt));
        }
        catch (JsonException fault)
        {
            throw Unreadable(fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ExportException(ExportErrorKind.InvalidReceipt, $"The receipt {_receiptPath} cannot be read now ({fault.Message}). Leave it as it is, get the right to read it, and try again.", fault) { Subject = folder };
        }
    }

    /// <summary>Writes the receipt in one step and empties the journal, which it now contains.</summary>
    public void Write(ReceiptDocument receipt)
    {
        AtomicFile.Write(_receiptPath, stream => JsonSerializer.Serialize(stream, receipt, ReceiptJson.Default.ReceiptDocument));
        File.Delete(_journalPath);
    }

    /// <summary>Adds files to the journal.</summary>
    public void Append(IReadOnlyCollection<ReceiptEntry> entries, bool flush)
    {
        using MemoryStream lines = new();
        foreach (ReceiptEntry entry in entries)
        {
            JsonSerializer.Serialize(lines, entry, JournalJson.Default.ReceiptEntry);
            lines.WriteByte((byte)'\n');
        }

        using FileStream stream = PrivateFiles.Open(_journalPath, FileMode.Append, FileShare.Read, bufferSize: 0);
        stream.Write(lines.GetBuffer().AsSpan(0, (int)lines.Length));
        stream.Flush(flushToDisk: flush);
    }

    /// <summary>A hand-edited or older receipt may lack what the types promise: lists that are missing are empty, all else is no receipt.</summary>
    private ReceiptDocument Checked(ReceiptDocument receipt)
    {
        IReadOnlyList<ReceiptEntry> files = receipt.Files ?? [];
        if (receipt.Job is null || string.IsNullOrEmpty(receipt.Job.StatusUrl))
        {
            throw Unreadable();
        }

        if (!files.All(HasOwnNames) || files.DistinctBy(file => file.Name).Count() < files.Count)
        {
            throw Invalid("names files otherwise than this module does, so that it is not as it was written");
        }

        return receipt with
        {
            Job = receipt.Job.WithLists(),
            State = receipt.State ?? ExportReceipt.Incomplete,
            TypesWithoutFile = receipt.TypesWithoutFile ?? [],
            Messages = receipt.Messages ?? new MessageCounts(0, 0, 0, 0),
            Files = files,
        };
    }

    /// <summary>A name that this module did not give could lead out of the folder.</summary>
    private static bool HasOwnNames(ReceiptEntry? entry) =>
        FileNames.HasForm(entry?.Name) && (entry!.ContinuesIn is null || FileNames.HasForm(entry.ContinuesIn));

    private ReceiptDocument WithJournal(ReceiptDocument receipt)
    {
        if (!File.Exists(_journalPath))
        {
            return receipt;
        }

        Dictionary<string, ReceiptEntry> finished = [];
        foreach (string line in JournalLines())
        {
            if (ReadLine(line) is { } entry && HasOwnNames(entry))
            {
                finished[entry.Name] = entry;
            }
        }

        return receipt with { Files = [.. receipt.Files.Select(file => finished.GetValueOrDefault(file.Name, file))] };
    }

    private ReceiptDocument? Deserialize()
    {
        using FileStream stream = OpenBesideWriter(_receiptPath);
        return JsonSerializer.Deserialize(stream, ReceiptJson.Default.ReceiptDocument);
    }

    private IEnumerable<string> JournalLines()
    {
        using StreamReader lines = new(OpenBesideWriter(_journalPath));
        while (lines.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Reading must not keep the process that saves from writing.</summary>
    private static FileStream OpenBesideWriter(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>A line that a killed process left half-written is no line.</summary>
    private static ReceiptEntry? ReadLine(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, JournalJson.Default.ReceiptEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private ExportException Unreadable(Exception? cause = null) => Invalid("cannot be read", cause);

    private ExportException Invalid(string why, Exception? cause = null) => new(
        ExportErrorKind.InvalidReceipt,
        $"The receipt {_receiptPath} {why}. Move it away and save the export to an empty folder.",
        cause)
    {
        Subject = folder,
    };
}
