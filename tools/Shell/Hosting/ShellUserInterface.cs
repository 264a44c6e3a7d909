using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace GroupExport.Shell.Hosting;

/// <summary>Streams as pwsh shows them: errors to stderr, the rest to stdout. Progress goes to stderr, so that it never mixes with output that is piped on.</summary>
internal sealed class ShellUserInterface(Terminal terminal) : PSHostUserInterface
{
    private readonly IProgressDisplay _progress = terminal.HasErrorScreen
        ? new RedrawnProgress(terminal)
        : new LoggedProgress(terminal, TimeProvider.System);

    public override PSHostRawUserInterface RawUI { get; } = new ShellRawUserInterface();

    public override bool SupportsVirtualTerminal => terminal.HasColour;

    /// <summary>While the error that ended a script is drawn: the engine hides from hosts how it marks an object as an error.</summary>
    public bool DrawsError { get; set; }

    public override void Write(string value) => terminal.Write(value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        terminal.Write(value);

    public override void WriteLine(string value)
    {
        if (DrawsError)
        {
            terminal.WriteError(value);
        }
        else
        {
            terminal.Write(value + Environment.NewLine);
        }
    }

    public override void WriteErrorLine(string value) => terminal.WriteError(value);

    public override void WriteWarningLine(string message) =>
        WriteLine(terminal.Coloured(PSStyle.Instance.Formatting.Warning, "WARNING: " + message));

    public override void WriteVerboseLine(string message) =>
        WriteLine(terminal.Coloured(PSStyle.Instance.Formatting.Verbose, "VERBOSE: " + message));

    public override void WriteDebugLine(string message) =>
        WriteLine(terminal.Coloured(PSStyle.Instance.Formatting.Debug, "DEBUG: " + message));

    public override void WriteProgress(long sourceId, ProgressRecord record) => _progress.Show(record);

    public override string ReadLine() => throw Unattended.Refusal("a line of input");

    public override SecureString ReadLineAsSecureString() => throw Unattended.Refusal("a secret");

    public override Dictionary<string, PSObject> Prompt(
        string caption, string message, Collection<FieldDescription> descriptions) =>
        throw Unattended.Refusal(string.Join(", ", descriptions.Select(field => field.Name)));

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw Unattended.Refusal("a credential");

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        throw Unattended.Refusal("a credential");

    public override int PromptForChoice(
        string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        throw Unattended.Refusal("a choice");
}
