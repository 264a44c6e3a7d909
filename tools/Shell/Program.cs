using GroupExport.Shell;
using GroupExport.Shell.Engine;
using GroupExport.Shell.Hosting;

CommandLine? commandLine = CommandLine.Parse(args);
if (commandLine is null)
{
    await Console.Error.WriteLineAsync(CommandLine.Usage).ConfigureAwait(false);
    return ExitCodes.Usage;
}

using StopSignals signals = new();
Terminal terminal = new();
using EngineSession session = EngineSession.Open(new ShellHost(terminal));
return session.Run(commandLine, signals.Stopping);
