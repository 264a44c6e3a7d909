# What the tests of samples/ share, beside Common.ps1: where the samples lie, and how nightly.ps1 is run and looked at.

$samples = Join-Path $RepositoryRoot 'samples'

# Where '#Requires -Modules GroupExport' finds the staged module.
$modulePathBefore = $env:PSModulePath
$env:PSModulePath = (Join-Path $RepositoryRoot 'output') + [IO.Path]::PathSeparator + $env:PSModulePath

# The arguments of a child process that runs nightly.ps1 against a sandbox.
function Get-NightlyArgument {
    param($Sandbox, [string] $Path, [string[]] $More)
    @('-NoProfile', '-NonInteractive', '-File', (Join-Path $samples 'nightly.ps1'), '-GroupId', $Sandbox.GroupId, '-Path', $Path,
        '-BaseUri', $Sandbox.BaseUri, '-DestinationSlug', $Sandbox.DestinationSlug, '-EnvironmentFlag', $Sandbox.EnvironmentFlag) + $More
}

# A night in a process of its own, as a scheduler runs it.
function Invoke-NightlyProcess {
    param($Sandbox, [string] $Path, [string[]] $More)
    $arguments = Get-NightlyArgument $Sandbox $Path $More
    $output = & $PwshPath @arguments 2>&1
    [pscustomobject]@{ ExitCode = $LASTEXITCODE; Text = ($output | Out-String) }
}

# A night in this process, which takes half the time.
function Invoke-Nightly {
    param($Sandbox, [string] $Path, [hashtable] $With = @{})
    $arguments = @{
        GroupId = $Sandbox.GroupId; Path = $Path; BaseUri = $Sandbox.BaseUri
        DestinationSlug = $Sandbox.DestinationSlug; EnvironmentFlag = $Sandbox.EnvironmentFlag
    } + $With
    $output = & (Join-Path $samples 'nightly.ps1') @arguments *>&1
    [pscustomobject]@{ ExitCode = $LASTEXITCODE; Text = ($output | Out-String) }
}

# Folders of exports, the first first.
function Get-Night {
    param([string] $Path)
    Get-ChildItem $Path -Directory | Where-Object { $_.Name -match '^\d{4}-\d\d-\d\d_\d{6}\.\d{3}$' -and (Test-Path (Join-Path $_ 'export.json')) } |
        Sort-Object Name | ForEach-Object { Get-ExportReceipt $_.FullName }
}

function Get-SinceOf {
    param($Request)
    Get-BodyField $Request.Body '_since'
}

function Get-Removal {
    param($Sandbox)
    $Sandbox.Requests | Where-Object Method -EQ 'DELETE'
}

# The values that must be shown nowhere: patients' ids.
function Get-PatientIdIn {
    param([string] $Folder)
    Get-ChildItem $Folder -Recurse -Filter 'Patient.*.ndjson' | Get-Content | ForEach-Object { ($_ | ConvertFrom-Json).id }
}
