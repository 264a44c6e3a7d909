using System.Management.Automation;
using GroupExport.Connections;
using GroupExport.Errors;
using GroupExport.Files;
using GroupExport.Input;
using GroupExport.Jobs;
using GroupExport.Work;

namespace GroupExport.Commands;

/// <summary>Saves the files of exports, each to a folder of its own, and waits for exports that still run.</summary>
[Cmdlet(VerbsData.Save, "ExportFiles", SupportsShouldProcess = true)]
[OutputType(typeof(SavedFile))]
public sealed class SaveExportFilesCommand : WaitingCmdlet
{
    /// <summary>Timers go no further.</summary>
    private static readonly TimeSpan s_longestStall = TimeSpan.FromDays(49);

    private readonly Dictionary<string, SaveTask> _byFolder = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    private readonly SavingBars _bars = new();
    private SaveOptions? _options;
    private bool _onePathForAll;

    /// <summary>Jobs, statuses, receipts, files of a status, job files, or status URLs.</summary>
    [Parameter(ValueFromPipeline = true)]
    [Alias("Job", "Status")]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>The folder; for several jobs a script block over each, such as <c>{ "out/$($_.GroupId)" }</c>. A receipt brings its own.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string? Path { get; set; }

    /// <summary>How many files are fetched at once, over all jobs.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>How closely files are looked at: Full (the default) checks every line, Count counts them, None takes them as they come.</summary>
    [Parameter]
    public Validation Validation { get; set; } = Validation.Full;

    /// <summary>The longest line that is taken for one, in bytes, such as 128MB.</summary>
    [Parameter]
    [ValidateRange(1024, long.MaxValue)]
    public long MaxLineLength { get; set; } = 64L * 1024 * 1024;

    /// <summary>Stores the files as .ndjson.gz: as the server sent them when it sent gzip.</summary>
    [Parameter]
    public SwitchParameter Compress { get; set; }

    /// <summary>Fetches everything again, also what is saved; a file is replaced when the new one has come.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Fetches files again that an earlier run kept aside because they were not what was promised.</summary>
    [Parameter]
    public SwitchParameter RetryInvalid { get; set; }

    /// <summary>The time a download may go without a byte before it counts as cut, as a TimeSpan or in seconds; 60 s by default.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? StallTimeout { get; set; }

    /// <summary>Removes the export from the server once all is verified: only when the receipt says Complete or Empty.</summary>
    [Parameter]
    public SwitchParameter RemoveWhenComplete { get; set; }

    /// <summary>Settles the options. A folder for all is looked at before the command before it starts an export for it.</summary>
    protected override void BeginProcessing()
    {
        if (StallTimeout is { } stall && (stall <= TimeSpan.Zero || stall > s_longestStall))
        {
            OrTerminate(() => throw new ExportException(ExportErrorKind.InvalidParameter, $"-StallTimeout must be longer than no time, and {s_longestStall.TotalDays} days at most.") { Subject = nameof(StallTimeout) });
        }

        if (!IsWhatIf())
        {
            OrTerminate(() => OpenLog(Connection));
        }

        if (Path is not null)
        {
            OrTerminate(() => ExportFolder.Probe(FolderPath.Resolve(this, Path)));
        }

        // A script block is evaluated for each object later, so that nothing is bound yet.
        _onePathForAll = Path is not null;
        OrTerminate(() => _options = new SaveOptions
        {
            ThrottleLimit = ThrottleLimit,
            Slots = new SemaphoreSlim(ThrottleLimit),
            Validation = Validation,
            MaxLineBytes = MaxLineLength,
            Compress = Compress,
            Force = Force,
            RetryInvalid = RetryInvalid,
            StallTimeout = StallTimeout,
            Wait = ReadWaitOptions(),
        });
    }

    /// <summary>Takes a job: its folder is locked and its receipt written at once.</summary>
    protected override void ProcessRecord() => TakeEach(InputObject, Take);

    /// <summary>Waits for what is still under way.</summary>
    protected override void EndProcessing()
    {
        foreach (SaveTask task in _byFolder.Values.Where(task => !task.IsStarted))
        {
            Begin(task);
        }

        CompleteWork();
    }

    /// <summary>Releases the folders of jobs that were taken but not begun.</summary>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            foreach (SaveTask task in _byFolder.Values)
            {
                task.Dispose();
            }

            _options?.Slots.Dispose();
        }
    }

    private protected override void Show(ExportEvent reported)
    {
        switch (reported)
        {
            case FileDone done:
                WriteObject(done.File);
                break;
            case Saving saving:
                _bars.Show(saving, WriteProgress);
                break;
            default:
                base.Show(reported);
                break;
        }
    }

    private void Take(object? input)
    {
        ExportFile? file = JobInput.ReadFile(input);
        ExportJob job = JobInput.Read(file is null ? input : new ExportJob
        {
            StatusUrl = file.StatusUrl,
            GroupId = file.GroupId,
            Server = file.Server,
            JobFile = file.JobFile,
            Connection = file.Connection,
            Sent = file.Sent,
        });
        try
        {
            Take(job, file, FullPath(job));
        }
        catch (ExportException failure) when (failure.Kind is not (ExportErrorKind.FolderShared or ExportErrorKind.NoConnection or ExportErrorKind.WrongConnection or ExportErrorKind.UntrustedStatusOrigin))
        {
            throw new ExportException(failure.Kind, $"{failure.Message} The export itself goes on at the server: the job is the target of this error.", failure) { Subject = job };
        }
    }

    private void Take(ExportJob job, ExportFile? file, string folder)
    {
        if (_byFolder.TryGetValue(folder, out SaveTask? known))
        {
            Join(known, job, file);
            return;
        }

        if (!ShouldProcess(folder, $"Save the files of the export {job}"))
        {
            return;
        }

        (GroupExportConnection? connection, Func<GroupExportConnection> connect) = Connector(job, folder);
        Action<ExportEvent> report = Logged(connection, job, isManifestKnown: true);
        SaveTask task = new(job, ExportFolder.OpenFor(job, folder), connect) { RemovesWhenComplete = RemoveWhenComplete, Report = report };
        _byFolder.Add(folder, task);
        task.Add(file);

        // One folder for all holds one job only, and files come one by one: both are known at the end.
        if (file is null && !_onePathForAll)
        {
            Begin(task);
        }
    }

    private static void Join(SaveTask known, ExportJob job, ExportFile? file)
    {
        if (known.Job.StatusUrl == job.StatusUrl && !known.IsStarted)
        {
            known.Add(file);
            return;
        }

        known.Refuse();
        throw new ExportException(
            ExportErrorKind.FolderShared,
            $"Two jobs would be saved to {known.Folder.FullPath}, or one job twice. Give each a folder of its own, such as -Path {{ \"out/$($_.GroupId)\" }}; both jobs go on at the server, and this one is the target of the error.")
        {
            Subject = job,
        };
    }

    private void Begin(SaveTask task)
    {
        if (task.IsRefused)
        {
            WriteError(new ExportException(ExportErrorKind.FolderShared, $"Nothing was saved to {task.Folder.FullPath}, because another job was to be saved there too. Its receipt holds this job; pipe it to Save-ExportFiles again.") { Subject = task.Job }.ToErrorRecord());
            task.Dispose();
            return;
        }

        task.MarkStarted();
        StartWork(async token =>
        {
            try
            {
                await task.RunAsync(_options!, token).ConfigureAwait(false);
            }
            finally
            {
                task.Dispose();
                Work.Post(() => _bars.Complete(task.Job.StatusUrl, WriteProgress));
            }
        }, target: task.Job);
    }

    /// <summary>Finds the connection on the pipeline thread. A folder that has its receipt may need none; any other must have one before it is made.</summary>
    private (GroupExportConnection? Connection, Func<GroupExportConnection> Connect) Connector(ExportJob job, string folder)
    {
        try
        {
            GroupExportConnection connection = ConnectionFor(job);
            return (connection, () => connection);
        }
        catch (ExportException none) when (File.Exists(System.IO.Path.Combine(folder, ReceiptStore.ReceiptName)))
        {
            return (null, () => throw none);
        }
    }

    private string FullPath(ExportJob job)
    {
        if (string.IsNullOrWhiteSpace(Path))
        {
            throw new ExportException(ExportErrorKind.MissingPath, "No folder was named. Give one with -Path; for several jobs a script block, such as -Path { \"out/$($_.GroupId)\" }.") { Subject = job };
        }

        return FolderPath.Resolve(this, Path);
    }
}
