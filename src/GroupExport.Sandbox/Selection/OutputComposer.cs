using GroupExport.Sandbox.Data;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.Jobs;
using GroupExport.Sandbox.KickOffs;

namespace GroupExport.Sandbox.Selection;

/// <summary>Makes everything that an export brings: output by type or in blocks, deletions, and what the server has to say.</summary>
internal sealed class OutputComposer(ExportData data, PatientGroup group, ExportRequest request, SandboxOptions options)
{
    /// <summary>Parameters that were passed over; each gets an OperationOutcome.</summary>
    public IReadOnlyList<Issue> Ignored { get; init; } = [];

    public OutputOddities Oddities { get; init; } = new();

    /// <summary>The base at which the export was kicked off, without a slash at the end.</summary>
    public required string BaseUrl { get; init; }

    public ExportOutput Compose(CancellationToken cancellation)
    {
        var selector = new ResourceSelector(data, group, request, options.MaxResourcesPerFile);
        var files = request.OrganizeOutputBy is null ? selector.Select(cancellation) : Blocks(selector, cancellation);
        if (Oddities.HasExtraEmptyFile)
        {
            files = [.. files, new ExportFile("empty.0001.ndjson", request.OrganizeOutputBy is null ? "Observation" : null, ByteSegments.Empty, 0)];
        }

        // Data that were given are what they are; only made-up patients can have lost something, and that before now.
        var deleted = request.Since < options.Clock.GetUtcNow() && options.DataPath is null && group.Members.Count > 0;
        var messages = Messages().ToList();
        return new ExportOutput(
            files,
            deleted ? [MessageFiles.Deletions(request.Types)] : [],
            messages.Count > 0 ? [MessageFiles.Outcomes(messages)] : [],
            request.OrganizeOutputBy);
    }

    private IReadOnlyList<ExportFile> Blocks(ResourceSelector selector, CancellationToken cancellation)
    {
        var selected = selector.SelectLines(cancellation);
        if (Oddities.LacksFirstPatient)
        {
            selected = [.. selected.Select(lines => lines.File.ResourceType == PatientBlocks.OrganizingType ? lines with { Lines = [.. lines.Lines.Skip(1)] } : lines)];
        }

        return new PatientBlocks(data.Patients, options.MaxResourcesPerFile, Oddities.HasAbsoluteHeaders ? BaseUrl + "/" : "")
            .Write(selected, group.Members, cancellation);
    }

    private IEnumerable<(string Severity, Issue Issue)> Messages()
    {
        foreach (var issue in Ignored)
        {
            yield return ("warning", issue);
        }

        if (Oddities.HasInformation)
        {
            yield return ("information", new Issue("informational", null, "The export ran at night."));
        }

        if (Oddities.HasError)
        {
            yield return ("error", new Issue("exception", null, "Some resources could not be exported."));
        }
    }
}
