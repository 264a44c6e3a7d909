using System.Text.Json;
using GroupExport.Sandbox.Data;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.Jobs;
using GroupExport.Sandbox.KickOffs;

namespace GroupExport.Sandbox.Selection;

/// <summary>Picks out of the data what an export request asks for, type by type.</summary>
internal sealed class ResourceSelector(ExportData data, PatientGroup group, ExportRequest request, int maxResourcesPerFile)
{
    /// <summary>The output files in order of type; a type without matching resources has none.</summary>
    public IReadOnlyList<ExportFile> Select(CancellationToken cancellation)
    {
        var output = new List<ExportFile>();
        foreach (var files in Sources.GroupBy(file => file.ResourceType))
        {
            var number = 0;
            foreach (var (bytes, count) in files.SelectMany(file => Select(file, cancellation)))
            {
                output.Add(new ExportFile($"{files.Key}.{++number:D4}.ndjson", files.Key, bytes, count));
            }
        }

        return output;
    }

    /// <summary>The same line by line, for output that is arranged in another way.</summary>
    public IReadOnlyList<SelectedLines> SelectLines(CancellationToken cancellation) => [.. Sources.Select(file =>
    {
        using var subset = ElementSubset.For(file.ResourceType, request.Elements);
        var chosen = Lines(file, FiltersOf(file), subset, cancellation);
        return new SelectedLines(subset is null ? file : chosen.Rewritten.Build(), chosen.Lines);
    })];

    private IEnumerable<ResourceFile> Sources => data.Files.Where(file => request.Types?.Contains(file.ResourceType) ?? true);

    private List<TypeFilter> FiltersOf(ResourceFile file) => request.TypeFilters.Where(filter => filter.ResourceType == file.ResourceType).ToList();

    private List<(ByteSegments Bytes, int Count)> Select(ResourceFile file, CancellationToken cancellation)
    {
        var filters = FiltersOf(file);
        using var subset = ElementSubset.For(file.ResourceType, request.Elements);
        var isWhole = subset is null && filters.Count == 0 && group.HoldsEveryone && request is { Patients: null, Since: null, Until: null };
        if (isWhole && file.Lines.Length <= maxResourcesPerFile)
        {
            return [(new ByteSegments(file.Chunks), file.Lines.Length)];
        }

        // Eager, because the subset is disposed of here.
        var chosen = Lines(file, filters, subset, cancellation);
        return Parts(subset is null ? file : chosen.Rewritten.Build(), chosen.Lines).ToList();
    }

    private (List<ResourceLine> Lines, ResourceFileBuilder Rewritten) Lines(ResourceFile file, List<TypeFilter> filters, ElementSubset? subset, CancellationToken cancellation)
    {
        var lines = new List<ResourceLine>();
        var rewritten = new ResourceFileBuilder(file.ResourceType);
        foreach (var line in file.Lines)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!IsInScope(line))
            {
                continue;
            }

            if (filters.Count == 0 && subset is null)
            {
                lines.Add(line);
                continue;
            }

            using var resource = JsonDocument.Parse(file.Bytes(line));
            if (filters.Count > 0 && !filters.Exists(filter => filter.Matches(resource.RootElement)))
            {
                continue;
            }

            lines.Add(subset is null ? line : rewritten.Append(subset.Reduce(resource.RootElement), line.Patient, line.LastUpdatedTicks));
        }

        return (lines, rewritten);
    }

    private IEnumerable<(ByteSegments Bytes, int Count)> Parts(ResourceFile file, List<ResourceLine> lines)
    {
        var part = new SegmentCollector(file);
        foreach (var line in lines)
        {
            part.Add(line);
            if (part.Count == maxResourcesPerFile)
            {
                var count = part.Count;
                yield return (part.Take(), count);
            }
        }

        if (part.Count > 0)
        {
            var count = part.Count;
            yield return (part.Take(), count);
        }
    }

    // No lastUpdated: the server cannot tell, so the resource comes along (Bulk Data Access 2.0.0, "_since").
    private bool IsInScope(in ResourceLine line)
    {
        if (line.LastUpdatedTicks != ResourceLine.NoTime
            && ((request.Since is { } since && line.LastUpdatedTicks <= since.UtcTicks) || (request.Until is { } until && line.LastUpdatedTicks >= until.UtcTicks)))
        {
            return false;
        }

        return line.Patient == ResourceLine.NoPatient
            || (request.Patients?.Contains(line.Patient) ?? (group.HoldsEveryone || group.Contains(line.Patient)));
    }
}
