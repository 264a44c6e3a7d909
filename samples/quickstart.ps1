#Requires -Version 7.4

<#
.SYNOPSIS
A first export against a practice server on this machine: start, connect, kick off, wait, save, look, stop.
.DESCRIPTION
Runs in PowerShell 7.4 or newer with the module imported.
.PARAMETER Path
The folder to save to; by default a new one among the temporary files, which is removed at the end.
.PARAMETER DataPath
A folder of NDJSON files for the practice server to serve instead of made-up patients.
.EXAMPLE
./quickstart.ps1

Exports fifty made-up patients to a folder that is gone afterwards.
.EXAMPLE
./quickstart.ps1 -Path ./first-export

Keeps the files, to look at them.
#>
param(
    [string] $Path,
    [string] $DataPath
)

$ErrorActionPreference = 'Stop'
$temporary = -not $Path
if ($temporary) { $Path = [IO.Path]::Combine([IO.Path]::GetTempPath(), "group-export-$([guid]::NewGuid())") }

# A server to practise on: loopback only, made-up patients unless there is data.
$sandbox = if ($DataPath) { Start-ExportSandbox -DataPath $DataPath } else { Start-ExportSandbox -PatientCount 50 }
try {
    $sandbox | Out-Default
    $sandbox | Connect-GroupExport | Out-Default

    # Kick off. With a real server this is where an export begins that can take hours.
    $job = New-GroupExport -GroupId $sandbox.GroupId
    $job | Out-Default

    # Wait, with progress. The status lists the files and how many resources each should hold.
    $status = $job | Get-ExportStatus -Wait
    $status | Out-Default

    # Save: streamed, hashed and counted on the way. Each file comes out as an object when it is done.
    $files = $status | Save-ExportFiles -Path $Path
    $files | Out-Default

    # The receipt is what a runbook tests.
    $receipt = Get-ExportReceipt -Path $Path
    $receipt | Out-Default
    if ($receipt.State -ne 'Complete') { throw "The export is $($receipt.State)." }
    if ($receipt.ResourceCount -ne $status.ResourceCount) { throw 'The saved files do not hold what the manifest says.' }

    # All is saved: the server may clean up.
    $job | Remove-GroupExport
    "Saved $($receipt.ResourceCount) resources in $($receipt.SavedCount) files, as many as the manifest says."
}
finally {
    $sandbox | Stop-ExportSandbox
    if ($temporary -and [IO.Directory]::Exists($Path)) { [IO.Directory]::Delete($Path, $true) }
}
