#Requires -Version 7.4
#Requires -Modules GroupExport

<#
.SYNOPSIS
A runbook for Azure Automation around nightly.ps1.
.DESCRIPTION
Import nightly.ps1 as a runbook of the same account (PowerShell 7.4 or newer) and publish it before this one. Import the module GroupExport into the
runtime environment. Make these assets: a variable for the client id, and an encrypted one with the private key (JWK or PEM as text).

Run it on a Hybrid Runbook Worker whose disk is meant for health data: what a cloud job saves is gone with its sandbox, receipt and starting
point included, and cloud jobs are cut after a few hours.

The job gives the summary as its output, without health data. It fails, so that alerts see it, unless the night was complete; with
-AllowIncomplete also what the next run goes on with is no failure.
.PARAMETER GroupId
The id of the Group resource.
.PARAMETER Path
The folder on the worker, such as D:\exports\diabetes.
.PARAMETER DestinationSlug
The slug of the Redox destination.
.PARAMETER EnvironmentFlag
The Redox environment, such as Production.
.PARAMETER BaseUri
A Redox server other than the usual one.
.PARAMETER ClientIdVariable
The name of the Automation variable with the client id.
.PARAMETER PrivateKeyVariable
The name of the encrypted Automation variable with the private key.
.PARAMETER Nightly
The runbook or script to run.
.PARAMETER AllowIncomplete
Takes an export that the next run goes on with for no failure.
.EXAMPLE
Start-AzAutomationRunbook -AutomationAccountName a -ResourceGroupName g -Name azure-automation -RunOn workers -Parameters @{ GroupId = 'diabetes-2026'; Path = 'D:\exports\diabetes'; DestinationSlug = 'my-ehr'; EnvironmentFlag = 'Production' }

Starts it by hand; link it to a schedule for every night.
#>
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingConvertToSecureStringWithPlainText', '', Justification = 'Automation gives an encrypted variable as plain text.')]
[CmdletBinding()]
param(
    [string] $GroupId,
    [string] $Path,
    [string] $DestinationSlug,
    [string] $EnvironmentFlag,
    [uri] $BaseUri,
    [string] $ClientIdVariable = 'GroupExportClientId',
    [string] $PrivateKeyVariable = 'GroupExportPrivateKey',
    [string] $Nightly = './nightly.ps1',
    [switch] $AllowIncomplete
)

$ErrorActionPreference = 'Stop'
$with = @{
    GroupId = $GroupId
    Path = $Path
    DestinationSlug = $DestinationSlug
    EnvironmentFlag = $EnvironmentFlag
    ClientId = Get-AutomationVariable -Name $ClientIdVariable
    # Automation gives an encrypted variable as plain text; from here on it is a secret.
    PrivateKey = ConvertTo-SecureString (Get-AutomationVariable -Name $PrivateKeyVariable) -AsPlainText -Force
}
if ($BaseUri) { $with.BaseUri = $BaseUri }

$global:LASTEXITCODE = 3
$summary = & $Nightly @with
$summary
if ($LASTEXITCODE -ne 0 -and -not ($AllowIncomplete -and $LASTEXITCODE -eq 2)) {
    throw "The nightly export ended with exit code ${LASTEXITCODE}: $("$summary".Split("`n")[0])"
}
