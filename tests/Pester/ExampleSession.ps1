<#
.SYNOPSIS
What an example of the help finds, as docs/en-US/README.md says it. Is dot-sourced; keeps to the language, the module and the core cmdlets.
.PARAMETER Root
An empty folder for all that the example leaves behind.
#>
param([string] $Root)

Set-StrictMode -Version 1.0
# Sandboxes that examples start are as quick as this one; an EC key is made in no time. Each save asks for the list of files twice.
$PSDefaultParameterValues = @{
    'Start-ExportSandbox:ExportDuration'   = 0.05
    'Start-ExportSandbox:RetryAfter'       = 0
    'Start-ExportSandbox:PatientCount'     = 5
    'Start-ExportSandbox:SigningAlgorithm' = 'ES384'
    'Save-ExportFiles:MinPollInterval'     = 0.05
}

$folder = [IO.Path]::Combine($Root, 'earlier')
$ExecutionContext.SessionState.Path.SetLocation([IO.Directory]::CreateDirectory([IO.Path]::Combine($Root, 'here')).FullName) | Out-Null

$sandbox = Start-ExportSandbox
$connection = $sandbox | Connect-GroupExport
New-GroupExport -GroupId $sandbox.GroupId | Save-ExportFiles -Path $folder | Out-Null
$job = New-GroupExport -GroupId $sandbox.GroupId
