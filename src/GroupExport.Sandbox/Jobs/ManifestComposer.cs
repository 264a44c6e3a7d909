using GroupExport.Sandbox.Endpoints;
using GroupExport.Sandbox.Faults;

namespace GroupExport.Sandbox.Jobs;

/// <summary>Puts the pages of manifests together. Each reading has links of its own when links can expire.</summary>
internal sealed class ManifestComposer(FilePlan filePlan, LinkBook links, ManifestFaults faults)
{
    /// <summary>A page of a job whose output is composed.</summary>
    public ReadOnlyMemory<byte> Compose(ExportJob job, PageSchedule pages, int page, string ownOrigin, DateTimeOffset now)
    {
        var output = job.Output.Result;
        var spec = job.Terms.Base.Spec;
        var urls = new Dictionary<string, string>(StringComparer.Ordinal);
        var content = new ManifestPage
        {
            TransactionTime = job.Terms.Started,
            Request = job.Terms.KickOffUrl,
            OrganizedBy = output.OrganizedBy,
            Output = Items(pages.Files(page), file => file.ResourceType),
            Deleted = page == pages.Count ? Items(output.Deleted, _ => spec.TypesMessages ? "Bundle" : null) : [],
            Outcomes = page == 1 || spec.RepeatsOutcomes ? Items(output.Outcomes, _ => spec.TypesMessages ? "OperationOutcome" : null) : [],
            Next = pages.IsLinked(page, now) ? $"{ownOrigin}{job.Terms.Base.StatusPath(job.Id)}?page={page + 1}" : null,
        };
        return ManifestWriter.Write(faults.Apply(content, ownOrigin), job, filePlan);

        IReadOnlyList<ManifestItem> Items(IEnumerable<ExportFile> files, Func<ExportFile, string?> type) =>
            [.. files.Select(file => new ManifestItem(type(file), Url(file.Name), file.Count)
            {
                ContinuesIn = file.ContinuesIn is { } next ? Url(next) : null,
                Length = file.Length,
                Severities = file.Severities,
            })];

        string Url(string name)
        {
            if (!urls.TryGetValue(name, out var url))
            {
                var path = job.Terms.Base.FilePath(job.Id, name);
                urls[name] = url = links.Sign(filePlan.ManifestOrigin(ownOrigin) + path, $"/{job.Id}/{name}");
            }

            return url;
        }
    }
}
