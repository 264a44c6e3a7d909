using GroupExport.Connections;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <content>Complete means complete: the list of files is confirmed before it is believed.</content>
internal sealed partial class SaveJob
{
    /// <summary>Asks once more when all files are saved, and again as long as the list grows. The first transaction time stays: changes since then come with a later export.</summary>
    private async Task<ExportStatus> ConfirmAsync(GroupExportConnection connection, StatusWait wait, ExportStatus status, CancellationToken cancellationToken)
    {
        Confirmation confirmation = new(wait, report);
        folder.Refresh();
        bool grows = true;
        int listed = status.Files.Length;
        while (grows && (_hasFetched || status.Files.Length == 0) && folder.Receipt.Files.All(IsDone))
        {
            ExportStatus? again = await confirmation.AskAsync(cancellationToken).ConfigureAwait(false);
            if (again is null)
            {
                IsUnconfirmed = !confirmation.IsGone;
                break;
            }

            if (again.State != ExportStatus.Complete)
            {
                report(new Caution($"The server said that the export of group {job.GroupName} is complete, and now says that it still runs. It is waited for."));
                folder.Write(folder.Receipt with { HasManifest = false });
                again = Succeeded(await wait.NextAsync(int.MaxValue, cancellationToken).ConfigureAwait(false));
            }

            // A server that replaces files in each answer would be asked forever.
            grows = again.Files.Length > listed;
            listed = again.Files.Length;
            ListGrowth growth = ListGrowth.Of(status.Files, again.Files, folder.Receipt.Files.Select(entry => entry.Name));
            if (growth.IsOther)
            {
                IsUnconfirmed = !grows;
                status = new ExportStatus(again, again.Files, status.TransactionTime);
                await TakeOtherAsync(connection, status, cancellationToken).ConfigureAwait(false);
                continue;
            }

            status = new ExportStatus(again, growth.Files, status.TransactionTime);
            if (growth.Added.Length == 0)
            {
                folder.Write(folder.Receipt with { HasManifest = true, Confirmed = true });
                break;
            }

            report(new Caution($"The server now lists files for group {job.GroupName} that it did not list when it first said that the export is complete: {growth.Added.Length} of {growth.Files.Length}. They are fetched, too."));
            IsUnconfirmed = !grows;
            Add(growth, status);
            ManifestCopy.Write(folder, status.ManifestTexts, from: 1);
            await FetchAsync(connection, status, cancellationToken).ConfigureAwait(false);
            folder.Refresh();
        }

        return status;
    }

    /// <summary>Fetches a list of which nothing is known.</summary>
    private async Task TakeOtherAsync(GroupExportConnection connection, ExportStatus status, CancellationToken cancellationToken)
    {
        report(new Caution($"The server now lists other files for group {job.GroupName} than when it first said that the export is complete. So that the two lists do not mix, everything is fetched again."));
        folder.Write(folder.Receipt with { State = ExportReceipt.Incomplete, HasManifest = false, Files = [] });
        _taken.Clear();
        _keptPages = 0;
        await TakeAsync(connection, status, cancellationToken).ConfigureAwait(false);
        folder.Refresh();
    }

    /// <summary>Asks before a folder that was saved by an earlier run lets the export be removed. Its files cannot be fetched any more once it is.</summary>
    private async Task ConfirmSavedAsync(GroupExportConnection connection, CancellationToken cancellationToken)
    {
        Confirmation confirmation = new(new StatusWait(connection, job, options.Wait, report), report);
        if (await confirmation.AskAsync(cancellationToken).ConfigureAwait(false) is not { } again)
        {
            IsUnconfirmed = !confirmation.IsGone;
            return;
        }

        int added = KeptNames.Of(folder.Receipt.Files, again.Files).Select(file => file.Name).Except(folder.Receipt.Files.Select(entry => entry.Name)).Count();
        if (again.State == ExportStatus.Complete && added == 0)
        {
            folder.Write(folder.Receipt with { Confirmed = true });
            return;
        }

        report(new Caution($"The server now lists files for group {job.GroupName} that are not in the receipt in {folder.FullPath} ({added}). Run Save-ExportFiles again to fetch them."));
        folder.Write(folder.Receipt with { State = ExportReceipt.Incomplete, HasManifest = false });
    }

    /// <summary>Adds to the receipt what a later answer lists. What is saved stays as it is.</summary>
    private void Add(ListGrowth growth, ExportStatus status)
    {
        FileSources sources = new(status.Files);
        Dictionary<string, string> places = status.Files.ToDictionary(file => file.Name, sources.Of);
        folder.Write(folder.Receipt with
        {
            State = ExportReceipt.Incomplete,
            HasManifest = true,
            ManifestPages = Math.Max(folder.Receipt.ManifestPages, status.ManifestTexts.Count),
            TransactionTime = status.TransactionTime,
            Expires = status.Expires ?? folder.Receipt.Expires,
            OutputOrganizedBy = status.OutputOrganizedBy,
            TypesWithoutFile = TypesWithoutFile(status),
            Files =
            [
                .. folder.Receipt.Files.Select(entry => entry with { Source = places.GetValueOrDefault(entry.Name) ?? entry.Source }),
                .. growth.Added.Select(file => ReceiptEntry.Of(file) with { Source = places[file.Name] }),
            ],
        });
    }
}
