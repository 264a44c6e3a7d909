using System.Management.Automation;
using GroupExport.Files;
using GroupExport.Input;
using GroupExport.Work;

namespace GroupExport.Commands;

/// <summary>Tells what a folder holds of an export. Nothing is sent.</summary>
[Cmdlet(VerbsCommon.Get, "ExportReceipt")]
[OutputType(typeof(ExportReceipt))]
public sealed class GetExportReceiptCommand : ExportCmdlet
{
    /// <summary>Folders that Save-ExportFiles wrote to.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    public string[]? Path { get; set; }

    /// <summary>Reads the receipts.</summary>
    protected override void ProcessRecord()
    {
        if (Path is not { Length: > 0 })
        {
            OrReport(() => throw NoPath());
            return;
        }

        foreach (string path in Path)
        {
            OrReport(() => WriteObject(Receipts.Open(FolderPath.Resolve(this, string.IsNullOrWhiteSpace(path) ? throw NoPath() : path))));
        }
    }

    private static ExportException NoPath() =>
        new(ExportErrorKind.MissingPath, "No folder was named. Give the folder that Save-ExportFiles wrote to.") { Subject = nameof(Path) };
}
