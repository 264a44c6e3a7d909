using GroupExport.Jobs;
using GroupExport.Ndjson;

namespace GroupExport.Files;

/// <summary>Looks at one file of a receipt: whether it is there, of the size, with the content and the count that were written down.</summary>
internal sealed class EntryCheck(ReceiptDocument receipt, string folder, Action<int> onBytes)
{
    private static readonly byte[] s_nothing = [];

    /// <summary>Reads the file to its end. Whatever is wrong with it is a finding.</summary>
    public async Task<FileCheck> RunAsync(ReceiptEntry entry, CancellationToken cancellationToken)
    {
        FileInfo file = new(ExportFolder.PathOf(folder, entry.OnDisk));
        try
        {
            return entry.State switch
            {
                ReceiptEntry.Saved or ReceiptEntry.Invalid when Absence(file) is { } absence => Result(entry, file, FileCheck.Missing, absence),
                ReceiptEntry.Saved when entry.LinkIn(folder) is { } link => Result(entry, file, FileCheck.Changed, link),
                ReceiptEntry.Saved => await ReadAsync(entry, file, cancellationToken).ConfigureAwait(false),
                ReceiptEntry.Invalid => Result(entry, file, FileCheck.Invalid, Flaw(entry)),
                _ => Result(entry, file, FileCheck.NotSaved, file.Exists ? "what lies there is of an earlier run, or just being replaced" : "still to be fetched"),
            };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Result(entry, file, FileCheck.Changed, $"cannot be read to its end: {fault.Message.TrimEnd('.')}");
        }
    }

    private static string? Absence(FileInfo file)
    {
        if (file.Exists || file.LinkTarget is not null)
        {
            return null;
        }

        return Directory.Exists(file.FullName) ? "a folder lies in its place" : "no longer there";
    }

    private static string Flaw(ReceiptEntry entry) => entry.BadLines > 0
        ? $"kept aside by the run that fetched it: {entry.BadLines} bad lines"
        : "kept aside by the run that fetched it: not as many resources as the manifest says";

    private async Task<FileCheck> ReadAsync(ReceiptEntry entry, FileInfo file, CancellationToken cancellationToken)
    {
        long stored = file.Length;
        string[] wrong = stored == entry.StoredBytes ? [] : [$"{stored:N0} bytes on disk instead of {entry.StoredBytes:N0}"];
        ContentFacts found;
        Stream content = Open(file, stored, entry.IsCompressed);
        await using (content.ConfigureAwait(false))
        {
            try
            {
                found = await new ContentPass(HasLineCount(entry) ? new LineCount(long.MaxValue) : null, long.MaxValue, onBytes).RunAsync(content, store: null, cancellationToken).ConfigureAwait(false);
            }
            catch (GzipFault fault)
            {
                return Result(entry, file, FileCheck.Changed, string.Join("; ", [.. wrong, fault.Message]));
            }
        }

        wrong = [.. wrong, .. Differences(entry, found)];
        if (found.Sha256 != entry.Sha256 && wrong.Length == 0)
        {
            wrong = [entry.Sha256 is null ? "the receipt has no SHA-256 to compare with" : "another SHA-256 than when it was saved"];
        }

        return Result(entry, file, wrong.Length == 0 ? FileCheck.Intact : FileCheck.Changed, string.Join("; ", wrong), found);
    }

    /// <summary>What is empty is not opened: a pipe or a device would never end.</summary>
    private static Stream Open(FileInfo file, long stored, bool isCompressed) =>
        stored == 0 ? new MemoryStream(s_nothing) : StoredContent.OpenChecked(file.FullName, isCompressed);

    private static IEnumerable<string> Differences(ReceiptEntry entry, ContentFacts found)
    {
        if (entry.IsCompressed && found.Bytes != entry.Bytes)
        {
            yield return $"{found.Bytes:N0} bytes of content instead of {entry.Bytes:N0}";
        }

        if (found.Scan is { } scan && scan.Count != entry.Count)
        {
            yield return $"{scan.Count:N0} resources instead of {entry.Count:N0}";
        }    }

    /// <summary>Whether its count is one of lines: organized output has headers between the resources.</summary>
    private bool HasLineCount(ReceiptEntry entry) =>
        entry.Count is not null && (receipt.OutputOrganizedBy is null || entry.Kind != ExportFile.Output);

    private FileCheck Result(ReceiptEntry entry, FileInfo file, string state, string detail, ContentFacts? found = null) => new()
    {
        Name = entry.OnDisk,
        Kind = entry.Kind,
        Type = entry.Type,
        State = state,
        Count = found?.Scan?.Count ?? (state == FileCheck.Intact ? entry.Count : null),
        Bytes = found?.Bytes,
        Sha256 = found?.Sha256,
        Detail = detail,
        Path = file.FullName,
        GroupId = receipt.Job.GroupId,
    };
}
