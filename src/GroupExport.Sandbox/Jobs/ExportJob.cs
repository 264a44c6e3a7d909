using GroupExport.Sandbox.Endpoints;

namespace GroupExport.Sandbox.Jobs;

/// <summary>One export from its kick-off to its deletion.</summary>
internal sealed class ExportJob : IDisposable
{
    private readonly CancellationTokenSource _cancellation;

    private ExportJob(CancellationTokenSource cancellation, Func<CancellationToken, IReadOnlyList<ExportFile>> select)
    {
        _cancellation = cancellation;
        var token = cancellation.Token;
        Files = Task.Run(() => select(token), token);
    }

    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The id under which Redox would show the job in its log.</summary>
    public Guid LogId { get; } = Guid.NewGuid();

    public required ServiceBase Base { get; init; }

    /// <summary>The kick-off's full URL.</summary>
    public required string KickOffUrl { get; init; }

    /// <summary>When the job began; also the manifest's <c>transactionTime</c>.</summary>
    public required DateTimeOffset Started { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The output, picked in the background from the kick-off on.</summary>
    public Task<IReadOnlyList<ExportFile>> Files { get; }

    public static ExportJob Start(
        ServiceBase serviceBase,
        string kickOffUrl,
        DateTimeOffset now,
        TimeSpan duration,
        Func<CancellationToken, IReadOnlyList<ExportFile>> select,
        CancellationToken stopping) =>
        new(CancellationTokenSource.CreateLinkedTokenSource(stopping), select)
        {
            Base = serviceBase,
            KickOffUrl = kickOffUrl,
            Started = now,
            Duration = duration,
        };

    /// <summary>True when the time is up and the output is picked, be it with a failure.</summary>
    public bool IsFinished(DateTimeOffset now) => now - Started >= Duration && Files.IsCompleted;

    /// <summary>Share of the time that has passed, at most 99: a hundred would be finished.</summary>
    public int Percent(DateTimeOffset now) =>
        Duration <= TimeSpan.Zero ? 99 : (int)Math.Clamp((now - Started) / Duration * 100, 0, 99);

    public ExportFile? FindFile(string name) =>
        Files.IsCompletedSuccessfully ? Files.Result.FirstOrDefault(file => file.Name == name) : null;

    /// <summary>Gives up what is still being picked.</summary>
    public void Dispose()
    {
        _cancellation.Cancel();
        _cancellation.Dispose();
    }
}
