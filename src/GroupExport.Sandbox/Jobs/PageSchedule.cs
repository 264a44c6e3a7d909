namespace GroupExport.Sandbox.Jobs;

/// <summary>
/// Which files stand on which page of the manifest, and from when on. The last page is ready when the export is; with partial manifests the pages
/// before it come one by one, and the link to a page is there a while before the page.
/// </summary>
internal sealed class PageSchedule
{
    private readonly ExportOutput _output;
    private readonly JobTerms _terms;
    private readonly int _size;

    public PageSchedule(ExportOutput output, JobTerms terms)
    {
        _output = output;
        _terms = terms;

        // A chain of one manifest would be nothing to practise with.
        _size = terms.PageSize ?? (terms.IsPartial ? Math.Max(1, (output.Files.Count + 1) / 2) : int.MaxValue);
        Count = Math.Max(1, (int)Math.Ceiling(output.Files.Count / (double)_size));
    }

    public int Count { get; }

    public IEnumerable<ExportFile> Files(int page) => _output.Files.Skip((page - 1) * _size).Take(_size);

    public int PageOf(int fileIndex) => (fileIndex / _size) + 1;

    public bool IsReady(int page, DateTimeOffset now) => now >= At(_terms.IsPartial ? page : Count);

    /// <summary>True when the page shows a link to the next one.</summary>
    public bool IsLinked(int page, DateTimeOffset now) => page < Count && now >= At(_terms.IsPartial ? page + 0.5 : Count);

    private DateTimeOffset At(double page) => _terms.Started + (_terms.Duration * (page / Count));
}
