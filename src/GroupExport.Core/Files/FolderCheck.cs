namespace GroupExport.Files;

/// <summary>Checks a folder against its receipt. It only reads, so that a folder can be checked that is just being saved to.</summary>
internal sealed class FolderCheck(string folder, Action<ExportEvent> report)
{
    /// <summary>The names of the files to check, as they lie in the folder; null means all, and strays.</summary>
    public IReadOnlySet<string>? Only { get; init; }

    /// <summary>How many files are read at once.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>Reports each file as it is done.</summary>
    /// <exception cref="ExportException">The folder has no receipt that can be read.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ReceiptDocument receipt = Receipts.Read(folder);
        ReceiptEntry[] entries = [.. receipt.Files.Where(entry => Only is null || Only.Contains(entry.OnDisk) || Only.Contains(entry.Name))];

        // Looked for before the files are read: what is saved meanwhile is no stray.
        IReadOnlyList<FileCheck> strays = Strays(receipt, entries);
        if (receipt is { HasManifest: false, Files.Count: 0 } && Only is null)
        {
            Report(WithoutManifest(receipt));
        }

        CheckProgress progress = new(folder, [.. entries.Where(entry => entry.State == ReceiptEntry.Saved)], report);
        EntryCheck check = new(receipt, folder, progress.AddBytes);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = ThrottleLimit, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(entries, parallel, async (entry, token) =>
        {
            FileCheck found = await check.RunAsync(entry, token).ConfigureAwait(false);
            if (entry.State == ReceiptEntry.Saved)
            {
                progress.AddFile();
            }

            Report(found);
        }).ConfigureAwait(false);
        foreach (FileCheck stray in strays)
        {
            Report(stray);
        }
    }

    private IReadOnlyList<FileCheck> Strays(ReceiptDocument receipt, ReceiptEntry[] entries)
    {
        StrayFiles strays = new(receipt, folder);
        if (Only is null)
        {
            return strays.Find();
        }

        HashSet<string> found = [.. entries.Select(entry => entry.OnDisk), .. entries.Select(entry => entry.Name)];
        string[] unknown = [.. Only.Where(name => !found.Contains(name))];
        foreach (string name in unknown.Where(name => strays.Find(name) is null))
        {
            report(new Failure(NoSuchFile(name)));
        }

        return [.. unknown.Select(strays.Find).OfType<FileCheck>()];
    }

    private ExportException NoSuchFile(string name) => new(
        ExportErrorKind.ReceiptNotFound,
        $"{folder} has no file {name}, and its receipt knows none. Give the folder that Save-ExportFiles wrote to, or a file of it.")
    {
        Subject = Path.Combine(folder, name),
    };

    /// <summary>Nothing to check must not look like nothing wrong.</summary>
    private FileCheck WithoutManifest(ReceiptDocument receipt) => new()
    {
        Name = ReceiptStore.ReceiptName,
        State = FileCheck.NotSaved,
        Detail = "the export had not ended when this was written, so that its files are still to be fetched",
        Path = Path.Combine(folder, ReceiptStore.ReceiptName),
        GroupId = receipt.Job.GroupId,
    };

    private void Report(FileCheck check) => report(new FileChecked(check));
}
