using System.Management.Automation;
using GroupExport.Files;
using GroupExport.Input;
using GroupExport.Work;

namespace GroupExport.Commands;

/// <summary>Checks the files of saved exports against their receipts: there, size, count, SHA-256, and what else lies there. Nothing is sent or written.</summary>
/// <remarks>Folders are checked one after the other, each as it comes; files named by themselves at the end. Results come as files are done.</remarks>
[Cmdlet(VerbsDiagnostic.Test, "ExportFiles")]
[OutputType(typeof(FileCheck), typeof(bool))]
public sealed class TestExportFilesCommand : ExportCmdlet
{
    private static readonly StringComparer s_paths = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private readonly HashSet<string> _folders = new(s_paths);
    private readonly Dictionary<string, HashSet<string>> _files = new(s_paths);
    private readonly HashSet<string> _bars = new(s_paths);
    private readonly SemaphoreSlim _turn = new(1);
    private bool _anyChecked;
    private bool _allPassed = true;

    /// <summary>Folders that Save-ExportFiles wrote to, as paths, receipts or folder objects; a saved file stands for itself alone.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    public string[]? Path { get; set; }

    /// <summary>How many files are read at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>Gives only whether all that was named is intact; false too when nothing could be checked.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Starts with folders at once.</summary>
    protected override void ProcessRecord()
    {
        Work.Drain();
        if (Path is not { Length: > 0 })
        {
            _allPassed &= OrReport(() => throw NoPath());
            return;
        }

        foreach (string path in Path)
        {
            _allPassed &= OrReport(() => Take(path));
        }
    }

    /// <summary>Checks the files that were named by themselves, and waits for all.</summary>
    protected override void EndProcessing()
    {
        foreach ((string folder, HashSet<string> names) in _files.Where(files => !_folders.Contains(files.Key)))
        {
            Begin(folder, names);
        }

        Work.Complete();
        if (Quiet)
        {
            WriteObject(_anyChecked && _allPassed);
        }
    }

    /// <summary>Ends the work of the cmdlet.</summary>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _turn.Dispose();
        }
    }

    private protected override void Show(ExportEvent reported)
    {
        switch (reported)
        {
            case FileChecked { Check: var check }:
                Take(check);
                break;
            case Checking checking:
                _bars.Add(checking.Folder);
                WriteProgress(ProgressRecords.Of(checking));
                break;
            case Failure:
                _allPassed = false;
                base.Show(reported);
                break;
            default:
                base.Show(reported);
                break;
        }
    }

    private void Take(string path)
    {
        CheckTarget target = CheckTarget.Of(FolderPath.ResolveAny(this, string.IsNullOrWhiteSpace(path) ? throw NoPath() : path));
        if (target.Name is null)
        {
            if (_folders.Add(target.Folder))
            {
                Begin(target.Folder, only: null);
            }
        }
        else if (_files.TryGetValue(target.Folder, out HashSet<string>? names))
        {
            names.Add(target.Name);
        }
        else
        {
            _files.Add(target.Folder, [target.Name]);
        }
    }

    private void Take(FileCheck check)
    {
        _allPassed &= check.Passed;
        if (Quiet)
        {
            WriteVerbose(check.ToString());
        }
        else
        {
            WriteObject(check);
        }
    }

    private void Begin(string folder, IReadOnlySet<string>? only) => StartWork(
        async token =>
        {
            bool isDone = false;
            await _turn.WaitAsync(token).ConfigureAwait(false);
            try
            {
                await new FolderCheck(folder, OnEvent) { Only = only, ThrottleLimit = ThrottleLimit }.RunAsync(token).ConfigureAwait(false);
                isDone = true;
            }
            finally
            {
                _turn.Release();
                Work.Post(() => Finish(folder, isDone));
            }
        },
        target: folder);

    private void Finish(string folder, bool isDone)
    {
        _anyChecked = true;
        _allPassed &= isDone;
        if (_bars.Remove(folder))
        {
            WriteProgress(ProgressRecords.Completed(folder));
        }
    }

    private static ExportException NoPath() =>
        new(ExportErrorKind.MissingPath, "No folder was named. Give the folder that Save-ExportFiles wrote to.") { Subject = nameof(Path) };
}
