using System.Management.Automation;
using GroupExport.Checks;
using GroupExport.Connections;
using GroupExport.Input;
using GroupExport.Work;

namespace GroupExport.Commands;

/// <summary>Looks at a connection and says what works and what does not: server, clock, key, discovery, token, scope, export, group. Starts nothing.</summary>
[Cmdlet(VerbsDiagnostic.Test, "GroupExportConnection")]
[OutputType(typeof(ConnectionCheck), typeof(bool))]
public sealed class TestGroupExportConnectionCommand : ConnectedCmdlet
{
    private bool _anyChecked;
    private bool _allPassed = true;

    /// <summary>Connections to look at instead of the one of this runspace.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public override GroupExportConnection? Connection { get; set; }

    /// <summary>A group that should be readable.</summary>
    [Parameter]
    public string? GroupId { get; set; }

    /// <summary>Gives only whether all checks passed; false too when nothing could be checked.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Starts the checks of one connection.</summary>
    protected override void ProcessRecord() => _allPassed &= OrReport(() =>
    {
        Work.Drain();
        GroupExportConnection connection = RequiredConnection();
        ConnectionChecks checks = new(connection, MyInvocation.BoundParameters.ContainsKey(nameof(GroupId)) ? GroupInput.Read(GroupId) : null);
        StartWork(token => RunAsync(checks, token), target: connection);
    });

    /// <summary>Waits for their results.</summary>
    protected override void EndProcessing()
    {
        CompleteWork();
        if (Quiet)
        {
            WriteObject(_anyChecked && _allPassed);
        }
    }

    private async Task RunAsync(ConnectionChecks checks, CancellationToken cancellationToken)
    {
        bool isDone = false;
        try
        {
            await foreach (ConnectionCheck check in checks.RunAsync(cancellationToken).ConfigureAwait(false))
            {
                Work.Post(() => Take(check));
            }

            isDone = true;
        }
        finally
        {
            Work.Post(() => Finish(isDone));
        }
    }

    private void Finish(bool isDone)
    {
        _anyChecked = true;
        _allPassed &= isDone;
    }

    private void Take(ConnectionCheck check)
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
}
