using System.Management.Automation;
using GroupExport.Connections;
using GroupExport.Errors;
using GroupExport.Fhir;
using GroupExport.Files;
using GroupExport.Input;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Work;

namespace GroupExport.Commands;

/// <summary>Kicks off one export a group, once the whole pipeline is read.</summary>
[Cmdlet(VerbsCommon.New, "GroupExport", SupportsShouldProcess = true)]
[OutputType(typeof(ExportJob))]
public sealed partial class NewGroupExportCommand : LoggedCmdlet
{
    private GroupExportConnection _connection = null!;
    private CohortInput _cohorts = null!;
    private TypeFilterSet _filters = null!;
    private ExportRequest _template = null!;
    private string? _jobFile;
    private SinceSource? _sinceSource;
    private int _piped;
    private int _refused;

    /// <summary>Checks everything that is known before the pipeline.</summary>
    protected override void BeginProcessing() => OrTerminate(() =>
    {
        _connection = RequiredConnection();
        _filters = TypeFilterSet.Read(Given(TypeFilter, nameof(TypeFilter)));
        if (KickOffTimeout < TimeSpan.Zero)
        {
            throw new ExportException(ExportErrorKind.InvalidParameter, "-KickOffTimeout is less than no time. Give the time to wait, or 0 to ask once. Nothing was sent.") { Subject = nameof(KickOffTimeout) };
        }

        _jobFile = JobFile is null ? null : JobFilePath(JobFile);
        _sinceSource = SinceInput.Read(this, Since);
        _template = Template();
        string[] groups = [.. (GroupId ?? []).Select(GroupInput.Read)];
        _cohorts = new CohortInput(new Uri(_connection.Server)) { TypesAreGiven = IsBound(nameof(Type)), GivenGroups = groups };
        foreach (string group in groups)
        {
            _cohorts.AddGroup(group);
        }

        foreach (string type in Given(Type, nameof(Type)))
        {
            _cohorts.AddType(TypeInput.Read(type));
        }

        AddGivenPatients();
        if (!IsWhatIf())
        {
            OpenLog(_connection);
        }
    });

    /// <summary>Takes one object; a bad one is reported and keeps everything from being sent.</summary>
    protected override void ProcessRecord()
    {
        if (MyInvocation.ExpectingInput)
        {
            Take(InputObject);
        }
        else if (IsBound(nameof(InputObject)))
        {
            // Named, it restricts just as if it were piped: ignoring it would export the whole group.
            foreach (object? input in PropertyBag.Items(InputObject))
            {
                Take(input);
            }
        }
    }

    /// <summary>Sends the kick-offs.</summary>
    protected override void EndProcessing()
    {
        if (_refused > 0)
        {
            WriteWarning($"Nothing was sent: {_refused} of {_piped} piped objects cannot be used.");
            return;
        }

        OrTerminate(() =>
        {
            if ((MyInvocation.ExpectingInput || IsBound(nameof(InputObject))) && _piped == 0)
            {
                throw new ExportException(
                    ExportErrorKind.EmptyPipeline,
                    "The pipeline brought nothing, and an empty list of patients or types never means all. Look why the command before is empty. Nothing was sent.")
                {
                    Subject = nameof(InputObject),
                };
            }

            Send(_cohorts.Cohorts());
        });
    }

    private static (ExportRequest Request, KickOffMessage Message) Written(ExportRequest request, GroupExportConnection connection) =>
        (request, KickOffWriter.Write(request, connection.Settings, connection.Clock.GetUtcNow()));

    private ExportRequest Request(Cohort cohort)
    {
        ExportRequest request = _template with { GroupId = cohort.GroupId, Patients = cohort.Patients, Types = cohort.Types };
        if (_sinceSource is null)
        {
            return request;
        }

        string since = _sinceSource.InstantFor(request, _connection.Server);
        WriteVerbose($"Group {cohort.GroupId}: only what changed after {since}, the transaction time of the export in {_sinceSource.Name}.");
        return request with { Since = since };
    }

    private void Take(object? input)
    {
        _piped++;
        try
        {
            _cohorts.Add(input);
        }
        catch (ExportException failure)
        {
            _refused++;
            WriteError(failure.ToPipedErrorRecord(_piped));
        }
    }

    private string JobFilePath(string given)
    {
        string path = string.IsNullOrWhiteSpace(given) ? throw Empty(nameof(JobFile)) : FolderPath.ResolveAny(this, given);
        return Directory.Exists(path) ? throw new ExportException(ExportErrorKind.InvalidPath, $"-JobFile '{given}' is a folder. Name a file in it.") { Subject = given } : path;
    }

    private void Send(IReadOnlyList<Cohort> cohorts)
    {
        if (_jobFile is not null && cohorts.Count > 1)
        {
            throw new ExportException(
                ExportErrorKind.JobFileShared,
                $"One job file is for one group, and there are {cohorts.Count}. Run one group at a time, each with a file of its own: 'a', 'b' | ForEach-Object {{ New-GroupExport $_ -JobFile \"jobs/$_.json\" }}. Nothing was sent.")
            {
                Subject = _jobFile,
            };
        }

        // All of them first: a request that cannot be written keeps every other from being sent, and the server from being asked for its version.
        ExportRequest[] requests = [.. cohorts.Select(Request)];
        (ExportRequest Request, KickOffMessage Message)[] kickOffs = [.. requests.Select(request => Written(request, _connection))];
        if (!IsWhatIf() && LearnVersion())
        {
            kickOffs = [.. requests.Select(request => Written(request, _connection))];
        }

        Warn(requests);
        (ExportRequest Request, Action<ExportEvent> Report)[] confirmed =
            [.. kickOffs.Where(kickOff => Confirmed(kickOff.Request, kickOff.Message)).Select(kickOff => (kickOff.Request, Logged(_connection, job: null)))];
        StartWork(async token =>
        {
            foreach ((ExportRequest request, Action<ExportEvent> report) in confirmed)
            {
                await KickOffOneAsync(request, report, token).ConfigureAwait(false);
            }
        });
        CompleteWork();
    }

    /// <summary>Asks the server for its version, once in the life of the connection; says whether it answered.</summary>
    private bool LearnVersion()
    {
        string? reason = null;
        Work.Await(async token => reason = await _connection.LearnVersionAsync(token).ConfigureAwait(false));
        if (reason is not null)
        {
            WriteVerbose(reason);
        }

        return reason is not null;
    }

    private async Task KickOffOneAsync(ExportRequest request, Action<ExportEvent> report, CancellationToken cancellationToken)
    {
        // The job comes first: a warning can end the pipeline (-WarningAction Stop), and must not take the job with it.
        List<Caution> warnings = [];
        Action<ExportEvent> delayed = reported =>
        {
            if (reported is Caution warning)
            {
                warnings.Add(warning);
            }
            else
            {
                report(reported);
            }
        };
        try
        {
            KickOffOptions options = new() { Timeout = KickOffTimeout, Earlier = _sinceSource is { } source ? [(source.Job, source.Name)] : [] };
            ExportJob job = await StartAsync(request, options, delayed, cancellationToken).ConfigureAwait(false);

            // Nothing further is started before this job is in somebody's hands: Select-Object -First may want no more.
            await Work.PostAndWaitAsync(() => WriteObject(job)).ConfigureAwait(false);
        }
        catch (ExportException failure)
        {
            await Work.PostAndWaitAsync(() => WriteError(failure.ToErrorRecord())).ConfigureAwait(false);
        }
        finally
        {
            warnings.ForEach(report);
            Work.Post(() => WriteProgress(ProgressRecords.KickedOff(request.GroupId)));
        }
    }

    private Task<ExportJob> StartAsync(ExportRequest request, KickOffOptions options, Action<ExportEvent> report, CancellationToken cancellationToken) => _jobFile is null
        ? new KickOffWait(_connection, request, options, report).RunAsync(cancellationToken)
        : new RecordedKickOff(_connection, request, _jobFile, options, report) { Force = Force }.RunAsync(cancellationToken);

    private bool Confirmed(ExportRequest request, KickOffMessage message)
    {
        string shown = IsWhatIf() ? Preview(request) : $"Kicking off the export of group {request.GroupId}: {message}";
        return ShouldProcess(shown, $"Kick off the export of group {request.GroupId} at {_connection.Server}?", "Kick off an export");
    }

    /// <summary>Verb, URL and body, with the patients as a count and the filters without their values.</summary>
    private string Preview(ExportRequest request)
    {
        string[] count = request.Patients.Count == 0 ? [] : [$"({request.PatientCount})"];
        KickOffMessage message = KickOffWriter.Write(request with { Patients = count, TypeFilters = [.. request.ShownTypeFilters] }, _connection.Settings, _connection.Clock.GetUtcNow());
        string body = message.BodyText.Length == 0 ? "no body" : $"body {PatientReference.Mask(message.BodyText)}";
        string open = _connection.IsVersionOpen ? $" (as for version {SpokenVersion.Default} of Bulk Data Access: the server will be asked for its own at the first kick-off)" : "";
        string preference = request.IsLenient ? $"Prefer: {message.Preference} and " : "";
        return $"{message.Method} {PatientReference.Mask(message.Uri.AbsoluteUri).Replace(Uri.EscapeDataString("…"), "…", StringComparison.Ordinal)} with {preference}{body}{open}";
    }

    private void Warn(ExportRequest[] requests)
    {
        KickOffWarnings warnings = new(_connection, _filters) { Since = _sinceSource, Given = [.. MyInvocation.BoundParameters.Keys], IsForcedWithoutJobFile = Force && _jobFile is null };
        foreach (string warning in warnings.Of(requests))
        {
            WriteWarning(warning);
        }

        foreach (string remark in _filters.Remarks)
        {
            WriteVerbose(remark);
        }
    }

    private bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);
}
