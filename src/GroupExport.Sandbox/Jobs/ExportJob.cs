namespace GroupExport.Sandbox.Jobs;

/// <summary>One export from its kick-off to its deletion.</summary>
internal sealed class ExportJob : IDisposable
{
    private readonly CancellationTokenSource _cancellation;
    private readonly Lazy<PageSchedule> _pages;

    private ExportJob(JobTerms terms, CancellationTokenSource cancellation, Func<CancellationToken, ExportOutput> compose)
    {
        Terms = terms;
        _cancellation = cancellation;
        var token = cancellation.Token;
        Output = Task.Run(() => compose(token), token);
        _pages = new(() => new PageSchedule(Output.Result, terms));
    }

    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The id under which Redox would show the job in its log.</summary>
    public Guid LogId { get; } = Guid.NewGuid();

    public JobTerms Terms { get; }

    /// <summary>The output, composed in the background from the kick-off on.</summary>
    public Task<ExportOutput> Output { get; }

    /// <summary>Null as long as the output is not composed, or when that failed.</summary>
    public PageSchedule? Pages => Output.IsCompletedSuccessfully ? _pages.Value : null;

    public static ExportJob Start(JobTerms terms, Func<CancellationToken, ExportOutput> compose, CancellationToken stopping) =>
        new(terms, CancellationTokenSource.CreateLinkedTokenSource(stopping), compose);

    /// <summary>True when the time is up and the output is composed, be it with a failure.</summary>
    public bool IsFinished(DateTimeOffset now) => now - Terms.Started >= Terms.Duration && Output.IsCompleted;

    /// <summary>Share of the time that has passed, at most 99: a hundred would be finished.</summary>
    public int Percent(DateTimeOffset now) =>
        Terms.Duration <= TimeSpan.Zero ? 99 : (int)Math.Clamp((now - Terms.Started) / Terms.Duration * 100, 0, 99);

    /// <summary>A file whose manifest may be had already.</summary>
    public ExportFile? FindFile(string name, DateTimeOffset now) =>
        Pages is { } pages && Output.Result.Find(name) is ({ } file, var index) && pages.IsReady(pages.PageOf(index), now) ? file : null;

    /// <summary>Gives up what is still being picked.</summary>
    public void Dispose()
    {
        _cancellation.Cancel();
        _cancellation.Dispose();
    }
}
