using System.Security;
using GroupExport.Sandbox.Authorization;
using GroupExport.Sandbox.Data;
using GroupExport.Sandbox.Endpoints;
using GroupExport.Sandbox.Faults;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.Jobs;
using GroupExport.Sandbox.MadeUp;
using GroupExport.Sandbox.Specification;

namespace GroupExport.Sandbox;

/// <summary>
/// A practice server on 127.0.0.1 that exports groups of made-up or given patients, the way Redox does and the way FHIR Bulk Data Access
/// (versions 2.0.0, 3.0.0 and the ballot of 4.0.0) says. It checks kick-offs strictly and remembers every request.
/// </summary>
public sealed class ExportSandbox : IDisposable, IAsyncDisposable
{
    private const string FhirPath = "/fhir";

    /// <summary>A base as Google has it, where the names of resources are read below the root.</summary>
    private const string NamedFhirPath = "/v1/projects/practice/locations/here/datasets/sandbox/fhirStores/sandbox/fhir";

    private readonly SandboxOptions _options;
    private readonly FaultPlan _faults;
    private readonly Registration _registration;
    private readonly LoopbackServer? _fileServer;
    private readonly LoopbackServer _server;
    private readonly RequestLog _log;
    private readonly RequestLog _fileLog;
    private readonly Router _router;
    private readonly CancellationTokenSource _stopping = new();

    private ExportSandbox(SandboxOptions options, ExportData data)
    {
        _options = options;
        _faults = FaultPlan.Parse(options.Faults);
        _registration = Registration.Create(options);
        _log = new RequestLog(options.Clock);
        _fileLog = new RequestLog(options.Clock);
        GroupIds = data.Groups.Select(group => group.Id).ToArray();
        PatientCount = data.Groups[0].Members.Count;
        var jobs = new JobStore();
        var fhirPath = _faults.Holds(SandboxFault.ContentLocationAsName) ? NamedFhirPath : FhirPath;
        var bases = CreateBases(options, fhirPath);
        var retryAfter = new RetryAfterHeader(options);
        var tokenFaults = new TokenFaults(_faults, retryAfter);
        var links = new LinkBook(FileFaults.ExpireLinks(_faults) || options.LinkLifetime is not null, options.LinkLifetime, options.Clock);
        var guard = new AccessGuard(_registration.Tokens, tokenFaults, options.Clock);
        var files = new FileEndpoint(jobs, options, new FileFaults(_faults, retryAfter, links), new ContentFaults(_faults));
        if (options.HasSecondOrigin)
        {
            var fileRouter = new FileOriginRouter(bases, guard, files, options.FileOriginDemandsToken);
            _fileServer = LoopbackServer.Start((arrival, stopping) => AnswerAsync(_fileLog, fileRouter.Answer, arrival, stopping));
            FileOrigin = new Uri(_fileServer.Origin + "/");
        }

        var filePlan = new FilePlan(options, _fileServer?.Origin);
        _router = new Router(
            bases,
            guard,
            filePlan,
            _registration.Service is { } service ? new TokenEndpoint(service, tokenFaults) : null,
            _registration.Service is { } described ? new DiscoveryEndpoint(described) : null,
            new KickOffEndpoint(data, jobs, options, new KickOffFaults(_faults, retryAfter), _stopping.Token),
            new StatusEndpoint(jobs, options, new ManifestComposer(filePlan, links, new ManifestFaults(_faults)), new StatusFaults(_faults, retryAfter), retryAfter),
            files,
            new GroupEndpoint(data),
            new CapabilityEndpoint(data));
        _server = StartServer();
        BaseUri = new Uri(_server.Origin + "/");
        FhirBaseUri = new Uri(_server.Origin + fhirPath);
        TokenUri = new Uri(_server.Origin + TokenEndpoint.Path);
    }

    /// <summary>The root of the server, for example <c>http://127.0.0.1:50123/</c>; Redox paths begin at <c>fhir/R4/{slug}/{flag}</c> below it.</summary>
    public Uri BaseUri { get; }

    /// <summary>The base of the FHIR server, for example <c>http://127.0.0.1:50123/fhir</c>.</summary>
    public Uri FhirBaseUri { get; }

    /// <summary>Where tokens come from, with an <see cref="SandboxAuthorization"/> that has any.</summary>
    public Uri TokenUri { get; }

    /// <summary>The id of the client that gets tokens; null when none are given.</summary>
    public string? ClientId => _registration.ClientId;

    /// <summary>The client's private key as a JWK, made for this run; null when there is none or the keys are the client's own.</summary>
    public SecureString? PrivateKey => _registration.PrivateKey;

    /// <summary>The client's secret, made for this run; null when there is none.</summary>
    public SecureString? ClientSecret => _registration.ClientSecret;

    /// <summary>The root of the second origin; null when there is none.</summary>
    public Uri? FileOrigin { get; }

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

    /// <summary>What has arrived at the second origin until now, in order: a copy that does not grow.</summary>
    public IReadOnlyList<SandboxRequest> FileOriginRequests => _fileLog.Snapshot();

    /// <summary>How many requests have arrived at <see cref="TokenUri"/>, granted or not, since the start or <see cref="ClearRequests"/>.</summary>
    public int TokenRequestCount => _log.Count(TokenEndpoint.Path);

    /// <summary>The version of Bulk Data Access that holds at <see cref="FhirBaseUri"/>: 2, 3 or 4.</summary>
    public int SpecVersion => _options.SpecVersion;

    /// <summary>How often each fault of <see cref="SandboxOptions.Faults"/> has fired until now, by name: a copy that does not change.</summary>
    public IReadOnlyDictionary<string, int> FaultCounts => _faults.Counts;

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

    /// <summary>Forgets the requests that have arrived, at the second origin too.</summary>
    public void ClearRequests()
    {
        _log.Clear();
        _fileLog.Clear();
    }

    /// <summary>Stops within a second and cuts open connections. Calling it again does nothing.</summary>
    public void Stop()
    {
        if (_server.IsRunning)
        {
            _stopping.Cancel();
            _server.Stop();
            _fileServer?.Stop();
        }
    }

    /// <summary>Stops the server.</summary>
    public void Dispose()
    {
        Stop();
        _server.Dispose();
        _fileServer?.Dispose();
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

    private static ServiceBases CreateBases(SandboxOptions options, string fhirPath) => new(
        new ServiceBase($"{FhirPath}/R4/{options.DestinationSlug}/{options.EnvironmentFlag}", RequestStyle.Redox, SpecRules.Redox),
        new ServiceBase(fhirPath, RequestStyle.Fhir, SpecRules.Of(options.SpecVersion)));

    private LoopbackServer StartServer()
    {
        try
        {
            return LoopbackServer.Start((arrival, stopping) => AnswerAsync(_log, _router.Answer, arrival, stopping));
        }
        catch
        {
            _fileServer?.Dispose();
            throw;
        }
    }

    private async ValueTask<Reply> AnswerAsync(RequestLog log, Func<Arrival, Reply> answer, Arrival arrival, CancellationToken stopping)
    {
        var logged = log.Add(arrival);
        if (_options.ResponseDelay is { } delay)
        {
            await Task.Delay(delay, stopping).ConfigureAwait(false);
        }

        var correlation = arrival.Header("X-Correlation-Id") ?? Guid.NewGuid().ToString();
        var reply = answer(arrival);
        await Task.Delay(reply.HeldBack, stopping).ConfigureAwait(false);
        log.Answered(logged, reply.Status);
        return reply
            .With("X-Request-Id", Guid.NewGuid().ToString())
            .With("X-Correlation-Id", correlation);
    }
}
