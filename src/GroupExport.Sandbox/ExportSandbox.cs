using GroupExport.Sandbox.Data;
using GroupExport.Sandbox.Endpoints;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.Jobs;
using GroupExport.Sandbox.MadeUp;

namespace GroupExport.Sandbox;

/// <summary>
/// A practice server on 127.0.0.1 that exports groups of made-up or given patients, the way Redox does and the way FHIR Bulk Data Access
/// (versions 2.0.0 and 3.0.0) says. It checks kick-offs strictly and remembers every request.
/// </summary>
public sealed class ExportSandbox : IDisposable, IAsyncDisposable
{
    private const string FhirPath = "/fhir";

    private readonly SandboxOptions _options;
    private readonly LoopbackServer _server;
    private readonly RequestLog _log;
    private readonly Router _router;
    private readonly CancellationTokenSource _stopping = new();

    private ExportSandbox(SandboxOptions options, ExportData data)
    {
        _options = options;
        _log = new RequestLog(options.Clock);
        GroupIds = data.Groups.Select(group => group.Id).ToArray();
        PatientCount = data.Groups[0].Members.Count;
        _router = CreateRouter(data, options, _stopping.Token);
        _server = LoopbackServer.Start(AnswerAsync);
        BaseUri = new Uri(_server.Origin + "/");
        FhirBaseUri = new Uri(_server.Origin + FhirPath);
    }

    /// <summary>The root of the server, for example <c>http://127.0.0.1:50123/</c>; Redox paths begin at <c>fhir/R4/{slug}/{flag}</c> below it.</summary>
    public Uri BaseUri { get; }

    /// <summary>The base of the FHIR server, for example <c>http://127.0.0.1:50123/fhir</c>.</summary>
    public Uri FhirBaseUri { get; }

    /// <summary>The destination slug in Redox paths.</summary>
    public string DestinationSlug => _options.DestinationSlug;

    /// <summary>The environment flag in Redox paths.</summary>
    public string EnvironmentFlag => _options.EnvironmentFlag;

    /// <summary>The default group, which holds every patient.</summary>
    public string GroupId => _options.GroupId;

    /// <summary>All groups, the default one first.</summary>
    public IReadOnlyList<string> GroupIds { get; }

    /// <summary>Number of patients in the default group.</summary>
    public int PatientCount { get; }

    /// <summary>What has arrived until now, in order: a copy that does not grow.</summary>
    public IReadOnlyList<SandboxRequest> Requests => _log.Snapshot();

    /// <summary>False after <see cref="Stop"/>.</summary>
    public bool IsRunning => _server.IsRunning;

    /// <summary>Loads or makes up the data and starts to listen on a free port.</summary>
    /// <param name="options">How the server behaves.</param>
    /// <returns>The running server; stop it with <see cref="Stop"/> or dispose of it.</returns>
    /// <exception cref="SandboxException">An option is out of range, the data cannot be read, or no port is free.</exception>
    public static ExportSandbox Start(SandboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var data = options.DataPath is null
            ? MadeUpData.Create(options.PatientCount, options.Seed, options.GroupId)
            : NdjsonFolder.Read(options.DataPath, options.GroupId);
        return new ExportSandbox(options, data);
    }

    /// <summary>Forgets the requests that have arrived.</summary>
    public void ClearRequests() => _log.Clear();

    /// <summary>Stops within a second and cuts open connections. Calling it again does nothing.</summary>
    public void Stop()
    {
        if (_server.IsRunning)
        {
            _stopping.Cancel();
            _server.Stop();
        }
    }

    /// <summary>Stops the server.</summary>
    public void Dispose()
    {
        Stop();
        _server.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Stops the server.</summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Shows where the server is.</summary>
    /// <returns>For example <c>http://127.0.0.1:50123/ (running)</c>.</returns>
    public override string ToString() => $"{BaseUri} ({(IsRunning ? "running" : "stopped")})";

    private static Router CreateRouter(ExportData data, SandboxOptions options, CancellationToken stopping)
    {
        var jobs = new JobStore();
        var guard = new AccessGuard(options.AccessToken);
        return new Router(
            new ServiceBase($"{FhirPath}/R4/{options.DestinationSlug}/{options.EnvironmentFlag}", RequestStyle.Redox),
            new ServiceBase(FhirPath, RequestStyle.Fhir),
            guard,
            new KickOffEndpoint(data, jobs, options, stopping),
            new StatusEndpoint(jobs, options, guard.RequiresToken),
            new FileEndpoint(jobs, options),
            new GroupEndpoint(data),
            new CapabilityEndpoint(data));
    }

    private async ValueTask<Reply> AnswerAsync(Arrival arrival, CancellationToken stopping)
    {
        _log.Add(arrival);
        if (_options.ResponseDelay is { } delay)
        {
            await Task.Delay(delay, stopping).ConfigureAwait(false);
        }

        var correlation = arrival.Header("X-Correlation-Id") ?? Guid.NewGuid().ToString();
        return _router.Answer(arrival)
            .With("X-Request-Id", Guid.NewGuid().ToString())
            .With("X-Correlation-Id", correlation);
    }
}
