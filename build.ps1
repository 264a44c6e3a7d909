#Requires -Version 7.4

<#
.SYNOPSIS
Builds, tests, shows or packs the GroupExport module.
.DESCRIPTION
A thin door to `dotnet` for people who have PowerShell; it needs no other module, except Pester 5 for the acceptance tests (which use PSScriptAnalyzer where it is installed).
.PARAMETER Task
Build: `dotnet build`, which stages the module in output/GroupExport/<version>.
Test: `dotnet test`, then Pester on tests/Pester in a fresh PowerShell.
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
