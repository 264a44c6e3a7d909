using System.Globalization;
using System.Management.Automation.Host;
using System.Reflection;

namespace GroupExport.Shell.Hosting;

/// <summary>The host that the engine and scripts see as <c>$Host</c>.</summary>
internal sealed class ShellHost : PSHost
{
    private readonly ShellUserInterface _interface;

    public ShellHost(Terminal terminal) => _interface = new ShellUserInterface(terminal);

    /// <summary>What the script gave to <c>exit</c>; null when it did not say.</summary>
    public int? ExitCode { get; private set; }

    public override string Name => "GroupExport Shell";

    public override Version Version { get; } = Assembly.GetExecutingAssembly().GetName().Version ?? new Version(0, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override PSHostUserInterface UI => _interface;

    /// <summary>Sends what is drawn meanwhile to stderr.</summary>
    public void DrawAsError(Action draw)
    {
        _interface.DrawsError = true;
        try
        {
            draw();
        }
        finally
        {
            _interface.DrawsError = false;
        }
    }

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw Unattended.Refusal("a nested prompt");

    public override void ExitNestedPrompt() => throw Unattended.Refusal("a nested prompt");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
