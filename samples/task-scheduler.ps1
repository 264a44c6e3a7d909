#Requires -Version 7.4

<#
.SYNOPSIS
Registers a scheduled task of Windows that runs nightly.ps1 each night.
.DESCRIPTION
The task runs whether somebody is logged on or not, catches up after the machine was off, never runs twice at once, and shows the exit code of
nightly.ps1 as its last result. Run this in an elevated PowerShell. The task holds no secret: give the path of a key file that
the account alone can read. A group managed service account ('DOMAIN\name$') needs no password at all.

Exit codes: an error ends the script, and pwsh -File with 1.
.PARAMETER GroupId
The id of the Group resource.
.PARAMETER Path
The folder for this group's exports and state.
.PARAMETER DestinationSlug
The slug of the Redox destination.
.PARAMETER EnvironmentFlag
The Redox environment, such as Production.
.PARAMETER ClientId
The id under which the client is registered.
.PARAMETER PrivateKeyPath
A file with the private key.
.PARAMETER Account
The account to run as: a group managed service account ('DOMAIN\name$'), or 'NT AUTHORITY\NETWORK SERVICE'.
.PARAMETER At
The time of day.
.PARAMETER TaskName
The name of the task.
.PARAMETER Nightly
The path of nightly.ps1.
.EXAMPLE
./task-scheduler.ps1 -GroupId diabetes-2026 -Path D:\exports\diabetes -DestinationSlug my-ehr -EnvironmentFlag Production -ClientId $id -PrivateKeyPath D:\keys\redox.jwk -Account 'CLINIC\export$' -WhatIf

Shows what would be registered.
.EXAMPLE
Get-ScheduledTaskInfo 'GroupExport diabetes-2026' | Select-Object LastRunTime, LastTaskResult

Tells how the last night ended.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [string] $GroupId,
    [string] $Path,
    [string] $DestinationSlug,
    [string] $EnvironmentFlag,
    [string] $ClientId,
    [string] $PrivateKeyPath,
    [string] $Account = 'NT AUTHORITY\NETWORK SERVICE',
    [datetime] $At = '02:00',
    [string] $TaskName = "GroupExport $GroupId",
    [string] $Nightly = (Join-Path $PSScriptRoot 'nightly.ps1')
)

$ErrorActionPreference = 'Stop'
$arguments = foreach ($name in 'GroupId', 'Path', 'DestinationSlug', 'EnvironmentFlag', 'ClientId', 'PrivateKeyPath') {
    $value = Get-Variable $name -ValueOnly
    if (-not $value) { throw "-$name is missing." }
    if ($value.Contains('"')) { throw "-$name holds a quotation mark." }
    # Doubled, a backslash at the end does not take the quotation mark in.
    "-$name `"$($value -replace '(\\+)$', '$1$1')`""
}
$command = "-NoProfile -NonInteractive -File `"$Nightly`" $arguments"
if (-not $PSCmdlet.ShouldProcess("$TaskName, daily at $($At.ToString('HH:mm')) as ${Account}: pwsh $command", 'Register the scheduled task')) { return }
if (-not (Get-Command Register-ScheduledTask -ErrorAction Ignore)) { throw 'This machine has no Task Scheduler. For cron see cron.example.' }

# Where PowerShell runs as a .NET tool, this process is dotnet.
$shell = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
if (-not (Test-Path -LiteralPath $shell)) {
    $command = "`"$(Join-Path $PSHOME 'pwsh.dll')`" $command"
    $shell = [Environment]::ProcessPath
}

$task = @{
    TaskName = $TaskName
    Action = New-ScheduledTaskAction -Execute $shell -Argument $command
    Trigger = New-ScheduledTaskTrigger -Daily -At $At
    Principal = New-ScheduledTaskPrincipal -UserId $Account -LogonType ($Account.EndsWith('$') ? 'Password' : 'ServiceAccount')
    Settings = New-ScheduledTaskSettingsSet -StartWhenAvailable -MultipleInstances IgnoreNew -ExecutionTimeLimit ([timespan]::FromHours(20))
}
Register-ScheduledTask @task
