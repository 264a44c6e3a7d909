using System.Management.Automation.Host;

namespace GroupExport.Shell.Hosting;

/// <summary>This host never asks: a script that would wait for an answer fails with a sentence instead.</summary>
internal static class Unattended
{
    public static HostException Refusal(string asked) => new(
        $"The script asks for {asked}, and this host never prompts. Pass the value as an argument, or -Confirm:$false.");
}
