using GroupExport.Fhir;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>What is to be said at the end of a save.</summary>
internal sealed class SaveOutcome(ExportJob job, ExportFolder folder, Action<ExportEvent> report)
{
    private const string TypeFilter = "_typeFilter";
    private const string Since = "_since";
    private const string AssociatedData = "includeAssociatedData";

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
            report(new Caution($"The export of group {job.GroupId ?? "(unknown)"} has no files: nothing in the group matches the request, or the client may not see it."));
        }

        TellOfTypes(state);
        TellOfSurplus();
        if (messages.FirstWarnings.Count > 0)
        {
            report(new Caution($"The server reports {messages.Counts.Warning} warnings for group {job.GroupId ?? "(unknown)"}: {string.Join("; ", messages.FirstWarnings)}"));
        }

        if (messages.FirstProblems.Count > 0)
        {
            string said = string.Join("; ", messages.FirstProblems.Select(problem => problem.TrimEnd('.')));
            report(new Failure(new ExportException(
                ExportErrorKind.ServerReportedErrors,
                $"The server reports {messages.Counts.Fatal + messages.Counts.Error} errors in the export of group {job.GroupId ?? "(unknown)"}: {said}. Data may be missing; see the files under {Path.Combine(folder.FullPath, "error")}.")
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
            report(new Caution($"There is no file of {string.Join(", ", folder.Receipt.TypesWithoutFile)} in the export of group {job.GroupId ?? "(unknown)"}. Servers drop types whose filter they do not know without saying so: check -TypeFilter. The state is {ExportReceipt.CompletedWithErrors}."));
        }
    }

    /// <summary>Types that nobody asked for: the server may not have understood what it was asked.</summary>
    /// <remarks>Provenance comes with presets of associated data (Bulk Data Access, "includeAssociatedData"). Names of types are shown only where R4 has them: the manifest is the server's.</remarks>
    private void TellOfSurplus()
    {
        ExportJob asked = folder.Receipt.Job;
        if (asked.Types.Length == 0 || folder.Receipt.OutputOrganizedBy is not null)
        {
            return;
        }

        IEnumerable<string> expected = asked.Parameters.Contains(AssociatedData) ? [.. asked.Types, "Provenance"] : asked.Types;
        string[] surplus =
        [
            .. folder.Receipt.Files.Where(file => file.Kind == ExportFile.Output).Select(file => file.Type).OfType<string>()
                .Except(expected, StringComparer.OrdinalIgnoreCase).Select(type => ResourceTypes.Find(type) ?? "an unknown type").Distinct(),
        ];
        if (surplus.Length > 0)
        {
            report(new Caution($"The export of group {job.GroupId} holds files of {string.Join(", ", surplus)}, which was not asked for. Servers may pass over what they do not support: look whether -Type and filters took effect."));
        }
    }

    /// <summary>Without a filter a type without a file has no resources; with one, nobody knows. What has changed since a time need not be of every type.</summary>
    private static bool MayHaveLostTypes(ReceiptDocument receipt) =>
        receipt.TypesWithoutFile.Length > 0 && receipt.Job.Parameters.Contains(TypeFilter) && !receipt.Job.Parameters.Contains(Since);
}
