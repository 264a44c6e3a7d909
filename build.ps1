#Requires -Version 7.4

<#
.SYNOPSIS
Builds, tests, shows or packs the GroupExport module.
.DESCRIPTION
A thin door to `dotnet` for people who have PowerShell; it needs no other module, except Pester 5 for the acceptance tests and
Microsoft.PowerShell.PSResourceGet (part of PowerShell) for the package.
.PARAMETER Task
Build: `dotnet build`, which stages the module in output/GroupExport/<version>.
Test: `dotnet test`, then Pester on tests/Pester in a fresh PowerShell.
Demo: samples/quickstart.ps1 on the staged module in a fresh PowerShell.
Package: a .nupkg of the staged module in output/packages.
.PARAMETER Configuration
Debug or Release.
.EXAMPLE
./build.ps1 -Task Test
.EXAMPLE
./build.ps1 -Task Package -Configuration Release
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Demo', 'Package')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug'
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

$manifest = Join-Path $PSScriptRoot 'GroupExport.psd1'
$version = (Import-PowerShellDataFile $manifest).ModuleVersion
$staged = Join-Path $PSScriptRoot 'output' 'GroupExport' $version

function Invoke-Program {
    param([string] $Name, [string[]] $Arguments)

    & $Name @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Name $($Arguments -join ' ') ended with exit code $LASTEXITCODE." }
}

# Fresh, because an assembly once loaded stays loaded and locks the staged files.
function Invoke-FreshPowerShell {
    param([string] $Command)

    Invoke-Program ([Environment]::ProcessPath) '-NoProfile', '-Command', "`$ErrorActionPreference = 'Stop'; $Command"
}

function ConvertTo-Literal {
    param([string] $Text)

    "'" + [Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($Text) + "'"
}

function Invoke-Build { Invoke-Program dotnet 'build', $PSScriptRoot, '--configuration', $Configuration }

function Invoke-Test {
    Invoke-Program dotnet 'test', $PSScriptRoot, '--configuration', $Configuration

    $acceptance = Join-Path $PSScriptRoot 'tests' 'Pester'
    if (-not (Test-Path $acceptance)) {
        Write-Warning "SKIPPED: there are no acceptance tests in $acceptance."
        return
    }
    $pester = Get-Module Pester -ListAvailable | Where-Object Version -ge '5.0' | Select-Object -First 1
    if (-not $pester) {
        Write-Warning 'SKIPPED: the acceptance tests need Pester 5 (Install-PSResource Pester).'
        return
    }
    Invoke-FreshPowerShell (
        "Import-Module $(ConvertTo-Literal $pester.Path); " +
        "`$run = Invoke-Pester -Path $(ConvertTo-Literal $acceptance) -Output Detailed -PassThru; " +
        'if ($run.Result -ne ''Passed'' -or $run.TotalCount -eq 0) { exit 1 }')
}

function Invoke-Demo {
    Invoke-Build
    Invoke-FreshPowerShell (
        "Import-Module $(ConvertTo-Literal (Join-Path $staged 'GroupExport.psd1')); " +
        "& $(ConvertTo-Literal (Join-Path $PSScriptRoot 'samples' 'quickstart.ps1'))")
}

function Invoke-Package {
    if (-not (Get-Command Compress-PSResource, Publish-PSResource -ErrorAction Ignore)) {
        throw 'A package needs Microsoft.PowerShell.PSResourceGet, which PowerShell 7.4 and newer bring along.'
    }
    Invoke-Build
    $packages = (New-Item -ItemType Directory -Force (Join-Path $PSScriptRoot 'output' 'packages')).FullName
    Remove-Item (Join-Path $packages "GroupExport.$version.nupkg") -ErrorAction Ignore
    if (Get-Command Compress-PSResource -ErrorAction Ignore) {
        Compress-PSResource -Path $staged -DestinationPath $packages
    }
    else {
        # Before PSResourceGet 1.1 only publishing packs.
        $repository = "GroupExport-$([guid]::NewGuid().ToString('N'))"
        Register-PSResourceRepository -Name $repository -Uri $packages
        try { Publish-PSResource -Path $staged -Repository $repository }
        finally { Unregister-PSResourceRepository -Name $repository }
    }
    Get-Item (Join-Path $packages "GroupExport.$version.nupkg")
}

& "Invoke-$Task"
