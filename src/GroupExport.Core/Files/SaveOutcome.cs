using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>What is to be said at the end of a save.</summary>
internal sealed class SaveOutcome(ExportJob job, ExportFolder folder, Action<ExportEvent> report)
{
    private const string TypeFilter = "_typeFilter";

    /// <summary>The state of an export whose files are all there.</summary>
    public static string StateOf(ReceiptDocument receipt, MessageCounts messages)
    {
        if (receipt.Files.Count == 0)
        {
            return ExportReceipt.Empty;
        }

        return messages.Fatal + messages.Error > 0 || MayHaveLostTypes(receipt) ? ExportReceipt.CompletedWithErrors : ExportReceipt.Complete;
    }

    public void Tell(string state, ServerMessages messages)
    {
        if (state == ExportReceipt.Empty)
        {
            report(new Caution($"The export of group {job.GroupId} has no files: nothing in the group matches the request, or the client may not see it."));
        }

        TellOfTypes(state);
        if (messages.FirstWarnings.Count > 0)
        {
            report(new Caution($"The server reports {messages.Counts.Warning} warnings for group {job.GroupId}: {string.Join("; ", messages.FirstWarnings)}"));
        }

        if (messages.FirstProblems.Count > 0)
        {
            string said = string.Join("; ", messages.FirstProblems);
            report(new Failure(new ExportException(
                ExportErrorKind.ServerReportedErrors,
                $"The server reports {messages.Counts.Fatal + messages.Counts.Error} errors in the export of group {job.GroupId}: {said}. Data may be missing; see the files under {Path.Combine(folder.FullPath, "error")}.")
            {
                Subject = job,
                ServerMessage = said,
            }));
        }
    }

    private void TellOfTypes(string state)
    {
        if (state != ExportReceipt.Empty && MayHaveLostTypes(folder.Receipt))
        {
            report(new Caution($"There is no file of {string.Join(", ", folder.Receipt.TypesWithoutFile)} in the export of group {job.GroupId}. Servers drop types whose filter they do not know without saying so: check -TypeFilter. The state is {ExportReceipt.CompletedWithErrors}."));
        }
    }

    /// <summary>Without a filter, a type without a file has no resources; with one, nobody knows.</summary>
    private static bool MayHaveLostTypes(ReceiptDocument receipt) => receipt.TypesWithoutFile.Length > 0 && receipt.Job.Parameters.Contains(TypeFilter);
}
