using GroupExport.Fhir;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>What is to be said at the end of a save.</summary>
internal sealed class SaveOutcome(ExportJob job, ExportFolder folder, Action<ExportEvent> report)
{
    private const string TypeFilter = "_typeFilter";
    private const string Since = "_since";
    private const int MaxShown = 3;
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
            report(new Caution($"The export of group {job.GroupName} has no files: nothing in the group matches the request, or the client may not see it."));
        }

        TellOfTypes(state);
        TellOfSurplus();
        TellOfTwins();
        if (messages.FirstWarnings.Count > 0)
        {
            report(new Caution($"The server reports {Number(messages.Counts.Warning, "warning")} for group {job.GroupName}: {string.Join("; ", messages.FirstWarnings)}"));
        }

        if (messages.FirstProblems.Count > 0)
        {
            string said = string.Join("; ", messages.FirstProblems.Select(problem => problem.TrimEnd('.')));
            report(new Failure(new ExportException(
                ExportErrorKind.ServerReportedErrors,
                $"The server reports {Number(messages.Counts.Fatal + messages.Counts.Error, "error")} in the export of group {job.GroupName}: {said}. Data may be missing; see the files under {Path.Combine(folder.FullPath, "error")}.")
            {
                Subject = job,
                ServerMessage = said,
            }));
        }
    }

    private static string Number(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    /// <summary>Returns the first few names.</summary>
    public static string Listed(IReadOnlyList<string> names) =>
        names.Count > MaxShown ? $"{string.Join(", ", names.Take(MaxShown))} and {names.Count - MaxShown} more" : string.Join(", ", names);

    /// <summary>What has changed since a time need not be of every type.</summary>
    private void TellOfTypes(string state)
    {
        if (state == ExportReceipt.Empty || folder.Receipt.TypesWithoutFile.Length == 0 || folder.Receipt.Job.Parameters.Contains(Since))
        {
            return;
        }

        if (!MayHaveLostTypes(folder.Receipt))
        {
            report(new Caution($"The export of group {job.GroupName} has no file of {string.Join(", ", folder.Receipt.TypesWithoutFile)}, although -Type asked for it: the group has no such resources, or the client can't see them, or the server doesn't support them."));
        }
        else
        {
            report(new Caution($"There is no file of {string.Join(", ", folder.Receipt.TypesWithoutFile)} in the export of group {job.GroupName}. Servers drop types whose filter they do not know without saying so: check -TypeFilter. The state is {ExportReceipt.CompletedWithErrors}."));
        }
    }

    /// <summary>Warns of files of one type with equal content: the server may have written one part of the data twice and another not at all.</summary>
    private void TellOfTwins()
    {
        string[] twins =
        [
            .. folder.Receipt.Files.Where(file => file is { Kind: ExportFile.Output, State: ReceiptEntry.Saved, Bytes: > 0, Sha256: not null })
                .GroupBy(file => (file.Type, file.Sha256)).Where(group => group.Count() > 1)
                .Select(group => string.Join(" = ", group.Select(file => file.OnDisk).Take(MaxShown))),
        ];
        if (twins.Length > 0)
        {
            report(new Caution($"Files of the export of group {job.GroupName} have the same content: {Listed(twins)}. If data is missing, contact the server administrator."));
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
            report(new Caution($"The export of group {job.GroupName} holds files of {string.Join(", ", surplus)}, which was not asked for. Servers may pass over what they do not support: look whether -Type and filters took effect."));
        }
    }

    /// <summary>Without a filter a type without a file has no resources; with one, nobody knows. What has changed since a time need not be of every type.</summary>
    private static bool MayHaveLostTypes(ReceiptDocument receipt) =>
        receipt.TypesWithoutFile.Length > 0 && receipt.Job.Parameters.Contains(TypeFilter) && !receipt.Job.Parameters.Contains(Since);
}
