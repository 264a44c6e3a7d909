using System.Management.Automation;

namespace GroupExport.Shell.Hosting;

internal interface IProgressDisplay
{
    void Show(ProgressRecord record);
}
