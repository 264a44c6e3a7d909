#Requires -Version 7.4

<#
.SYNOPSIS
Builds, tests, shows or packs the GroupExport module.
.DESCRIPTION
Calls `dotnet` and PowerShell, and installs nothing. Without PowerShell on the machine, the one that the repository names does as well:
`dotnet tool restore && dotnet pwsh ./build.ps1 -Task Demo`. The acceptance tests use an installed Pester 5, or else the one of tests/Pester/Pester.csproj,
and PSScriptAnalyzer where it is installed.
.PARAMETER Task
Build: `dotnet build`, which stages the module in output/GroupExport/<version>.
Test: `dotnet test`, then Pester on tests/Pester in a fresh PowerShell. Results are written to output/test-results; the last line sums them.
Demo: samples/quickstart.ps1 on the staged module in a fresh PowerShell.
Package: builds Release and makes the package for the PowerShell Gallery in output/packages, as `dotnet pack` does.
.PARAMETER Configuration
Debug or Release. A package is always made of Release.
.PARAMETER CertificateThumbprint
For Package, on Windows: signs what this repository made (DLLs, manifest, formats) before it is packed, for hosts whose execution
policy is AllSigned. The code-signing certificate is looked for in the user's and the machine's personal store.
.PARAMETER TimestampServer
A timestamp server for the signatures, which otherwise end with the certificate.
.EXAMPLE
./build.ps1 -Task Test
.EXAMPLE
./build.ps1 -Task Package
.EXAMPLE
./build.ps1 -Task Package -CertificateThumbprint $thumbprint -TimestampServer http://timestamp.example.com
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Demo', 'Package')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = ($Task -eq 'Package' ? 'Release' : 'Debug'),

    [string] $CertificateThumbprint,

    [uri] $TimestampServer
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

$manifest = Join-Path $PSScriptRoot 'GroupExport.psd1'
$version = (Import-PowerShellDataFile $manifest).ModuleVersion
$staged = Join-Path $PSScriptRoot 'output' 'GroupExport' $version

if ($Task -ne 'Package' -and ($CertificateThumbprint -or $TimestampServer)) { throw 'Only a package is signed: -Task Package.' }

function Invoke-Program {
    param([string] $Name, [string[]] $Arguments)

    & $Name @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Name $($Arguments -join ' ') ended with exit code $LASTEXITCODE." }
}

# Fresh, because an assembly once loaded stays loaded and locks the staged files. Where PowerShell runs as a .NET tool, this process is dotnet.
function Invoke-FreshPowerShell {
    param([string] $Command)

    $shell = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
    $program, $before = (Test-Path -LiteralPath $shell) ? $shell : ('dotnet', (Join-Path $PSHOME 'pwsh.dll'))
    Invoke-Program $program (@($before) + '-NoProfile', '-Command', "`$ErrorActionPreference = 'Stop'; $Command")
}

function ConvertTo-Literal {
    param([string] $Text)

    "'" + [Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($Text) + "'"
}

function Invoke-Build { Invoke-Program dotnet 'build', $PSScriptRoot, '--configuration', $Configuration }

function Get-PesterPath {
    $installed = Get-Module Pester -ListAvailable | Where-Object { $_.Version -ge '5.5' -and $_.Version -lt '6.0' } | Select-Object -First 1
    if ($installed) { return $installed.Path }

    $project = Join-Path $PSScriptRoot 'tests' 'Pester'
    Invoke-Program dotnet 'restore', $project, '--verbosity', 'quiet' | Out-Host
    Invoke-Program dotnet 'msbuild', $project, '-getProperty:PesterManifest'
}

# One trx file for each test project, and one file of Pester's.
function Get-TestCount {
    param([string] $Folder)

    $count = @{ Passed = 0; Failed = 0; Skipped = 0 }
    foreach ($file in Get-ChildItem $Folder -Recurse -Filter *.trx) {
        $counters = ([xml](Get-Content -LiteralPath $file -Raw)).TestRun.ResultSummary.Counters
        $count.Passed += $counters.passed
        $count.Failed += [int]$counters.failed + $counters.error + $counters.timeout + $counters.aborted
        $count.Skipped += [int]$counters.total - $counters.executed
    }
    $pester = Join-Path $Folder 'pester.json'
    if (Test-Path -LiteralPath $pester) {
        $run = Get-Content -LiteralPath $pester -Raw | ConvertFrom-Json
        foreach ($outcome in @($count.Keys)) { $count[$outcome] += $run.$outcome }
    }
    $count
}

function Invoke-Test {
    $results = Join-Path $PSScriptRoot 'output' 'test-results'
    if (Test-Path -LiteralPath $results) { Remove-Item -LiteralPath $results -Recurse }

    $failures = @()
    try { Invoke-Program dotnet 'test', $PSScriptRoot, '--configuration', $Configuration, '--logger', 'trx', '--results-directory', $results }
    catch { $failures += "$_" }

    try {
        Invoke-FreshPowerShell (
            "Import-Module $(ConvertTo-Literal (Get-PesterPath)); " +
            "`$run = Invoke-Pester -Path $(ConvertTo-Literal (Join-Path $PSScriptRoot 'tests' 'Pester')) -Output Detailed -PassThru; " +
            '@{ Passed = $run.PassedCount; Failed = $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount; Skipped = $run.SkippedCount } | ConvertTo-Json | ' +
            "Set-Content -LiteralPath $(ConvertTo-Literal (Join-Path $results 'pester.json')); " +
            'if ($run.Result -ne ''Passed'' -or $run.TotalCount -eq 0) { exit 1 }')
    }
    catch { $failures += 'The acceptance tests failed.' }

    $count = Get-TestCount $results
    "$($count.Passed) passed, $($count.Failed) failed, $($count.Skipped) skipped"
    if ($failures) { throw ($failures -join ' ') }
}

function Invoke-Demo {
    Invoke-Program dotnet 'build', (Join-Path $PSScriptRoot 'src' 'GroupExport'), '--configuration', $Configuration
    Invoke-FreshPowerShell (
        "Import-Module $(ConvertTo-Literal (Join-Path $staged 'GroupExport.psd1')); " +
        "& $(ConvertTo-Literal (Join-Path $PSScriptRoot 'samples' 'quickstart.ps1'))")
}

function Get-SigningCertificate {
    if (-not $IsWindows) { throw 'Authenticode signatures are made on Windows only. Without -CertificateThumbprint the package is made unsigned.' }
    $certificate = Get-ChildItem Cert:\CurrentUser\My, Cert:\LocalMachine\My -CodeSigningCert |
        Where-Object Thumbprint -eq $CertificateThumbprint.Replace(' ', '') | Select-Object -First 1
    if (-not $certificate) { throw "There is no code-signing certificate $CertificateThumbprint in the personal store of user or machine." }
    $certificate
}

# What others made keeps the signature that it has.
function Add-Signature {
    param($Certificate)

    $signing = @{ Certificate = $Certificate; HashAlgorithm = 'SHA256'; IncludeChain = 'NotRoot' }
    if ($TimestampServer) { $signing.TimestampServer = $TimestampServer }
    Get-ChildItem $staged -Recurse -File | Where-Object { $_.Extension -in '.psd1', '.ps1xml' -or $_.Name -like 'GroupExport*.dll' } | ForEach-Object {
        $signature = Set-AuthenticodeSignature $_.FullName @signing
        if ($signature.Status -ne 'Valid') { throw "$($_.Name) was not signed: $($signature.StatusMessage)" }
    }
}

function Invoke-Package {
    if ($Configuration -ne 'Release') { throw 'A package is made of a Release build.' }
    $certificate = if ($CertificateThumbprint) { Get-SigningCertificate }

    $project = Join-Path $PSScriptRoot 'src' 'GroupExport'
    Invoke-Program dotnet 'build', $project, '--configuration', $Configuration
    if ($certificate) { Add-Signature $certificate }
    Invoke-Program dotnet 'pack', $project, '--configuration', $Configuration, '--no-build'
    Get-ChildItem (Join-Path $PSScriptRoot 'output' 'packages') -Filter "GroupExport.$version*.nupkg" |
        Sort-Object LastWriteTime | Select-Object -Last 1
}

& "Invoke-$Task"
