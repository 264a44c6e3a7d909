#Requires -Version 7.4
#Requires -Modules GroupExport

<#
.SYNOPSIS
An incremental export of a group whose members change: who joined comes with the whole history, who stayed with what has changed, and who left is told.
.DESCRIPTION
An export "since yesterday" brings what has changed since yesterday. Of a patient who joined the group today it need not bring what is older, and
of one who left it says nothing. This is the pattern of Bulk Data Access ("Group Membership Request Pattern") against both:

1. members: export the group's Patients, ids only, and compare them with those of the last run.
2. changed: export what has changed since the last run, for everybody.
3. joined:  export those who joined, whole (a POST with -Patient).

Only when all of it is complete are the members and the new starting point kept, in membership.json. Until then the next run counts from the old ones:
it finishes an interrupted run, or sets a failed one aside and begins anew, so that a new member's history is never lost.

A server that takes no -Patient (many do not) refuses the third step; then the whole group is exported instead, and so it is where the last
run cannot be gone on from. A warning says so.

The folder of -Path gets a folder for each run, named by its time in UTC, with members/, changed/ and joined/ (or whole/), and the ids in joined.txt and
left.txt; audit.ndjson tells what was done (docs/audit-log.md). Load changed/ before joined/; the two may overlap, so put resources in by type and id. Ids of patients are health data: the files are for the
current user alone, and what is shown has counts only. (On Windows lists and state have the rights of the folder above: let that be one for this account.)

Run Connect-GroupExport before. Exit codes: 0 complete; 1 completed, but the server reports errors, or does not send a new member; 2 incomplete, and the
next run goes on with it; 3 failed.
.PARAMETER GroupId
The id of the Group resource.
.PARAMETER Path
The folder for this group's runs and state.
.PARAMETER Type
Resource types; left out, the server exports all.
.PARAMETER TypeFilter
FHIR search queries, each for one type.
.PARAMETER NoElement
Exports the members as whole Patients, for servers that refuse _elements.
.PARAMETER TimeoutHours
How long each step waits for the server. The export itself goes on there, and the next run with it.
.EXAMPLE
Connect-GroupExport -DestinationSlug my-ehr -EnvironmentFlag Production -ClientId $id -PrivateKeyPath redox.jwk; ./incremental-group.ps1 -GroupId diabetes-2026 -Path /data/diabetes

Exports everything the first time, and what is new from then on.
.EXAMPLE
./incremental-group.ps1 -GroupId diabetes-2026 -Path /data/diabetes -Type Patient, Observation -NoElement

For a server that does not know _elements.
#>
[CmdletBinding()]
param(
    [string] $GroupId,
    [string] $Path,
    [string[]] $Type,
    [string[]] $TypeFilter,
    [switch] $NoElement,
    [double] $TimeoutHours = 12
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
if (-not $GroupId -or -not $Path) {
    Write-Error 'Name the group with -GroupId and the folder with -Path.' -ErrorAction Continue
    exit 3
}

$Path = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)
$stateFile = Join-Path $Path 'membership.json'
$audit = Join-Path $Path 'audit.ndjson'
$what = @{}
if ($Type) { $what.Type = @($Type -split ',').Trim() }
if ($TypeFilter) { $what.TypeFilter = $TypeFilter }
$failedWith = [Collections.Generic.HashSet[string]]::new()   # error ids of the step

function Set-PrivateContent([string] $File, [string] $Text) {
    $options = [IO.FileStreamOptions]@{ Mode = 'Create'; Access = 'Write' }
    if (-not $IsWindows) { $options.UnixCreateMode = 'UserRead, UserWrite' }
    $writer = [IO.StreamWriter]::new("$File.new", [Text.UTF8Encoding]::new($false), $options)
    try { $writer.Write($Text) } finally { $writer.Dispose() }
    [IO.File]::Move("$File.new", $File, $true)
}

function Get-ReceiptIn([string] $Folder) {
    if (Test-Path -LiteralPath (Join-Path $Folder 'export.json')) { Get-ExportReceipt $Folder }
}

# Exports to a folder of the run, or goes on with what an earlier run began there. Gives the exit code: 0 for Complete and Empty.
function Export-Part([string] $Name, [hashtable] $Request) {
    $folder = Join-Path $run $Name
    $jobFile = "$folder.job.json"
    $failedWith.Clear()
    $problems = @()
    $settled = 'Complete', 'Empty', 'CompletedWithErrors'
    try {
        if ((Get-ReceiptIn $folder).State -notin $settled) {
            $known = (Test-Path -LiteralPath $jobFile) ? (Get-Content -Raw -LiteralPath $jobFile | ConvertFrom-Json) : $null
            if ($known.state -eq 'Failed') {
                # It failed before this run was interrupted, and would again.
                $null = $failedWith.Add($known.reason)
                return 3
            }

            $job = $known.state -eq 'Running' ? (Get-Item -LiteralPath $jobFile) : (New-GroupExport -GroupId $GroupId @Request -JobFile $jobFile -LogPath $audit -ErrorAction Continue -ErrorVariable +problems)
            if ($job) {
                $job | Save-ExportFiles -Path $folder -LogPath $audit -RetryInvalid -RemoveWhenComplete -Timeout ([timespan]::FromHours($TimeoutHours)) -ErrorAction Continue -ErrorVariable +problems | Out-Null
            }
        }
    }
    catch {
        if ($_.FullyQualifiedErrorId -like 'SinceSource*') { Write-Warning $_.ErrorDetails.Message } else { Write-Error -ErrorRecord $_ -ErrorAction Continue }
        $problems += $_
    }

    foreach ($problem in $problems) { $null = $failedWith.Add("$($problem.FullyQualifiedErrorId)".Split(',')[0]) }
    switch ((Get-ReceiptIn $folder).State) {
        { $_ -in 'Complete', 'Empty' } { return 0 }
        'CompletedWithErrors' { return 1 }
    }
    return (Test-Path -LiteralPath $jobFile) -and (Get-Content -Raw -LiteralPath $jobFile | ConvertFrom-Json).state -eq 'Running' ? 2 : 3
}

# The ids of the Patients in a part. Lines are read one by one.
function Get-PatientId([string] $Name) {
    $ids = [Collections.Generic.HashSet[string]]::new()
    foreach ($file in (Get-ExportReceipt (Join-Path $run $Name)).Files | Where-Object { $_.Kind -eq 'output' -and $_.Type -eq 'Patient' }) {
        foreach ($line in [IO.File]::ReadLines($file.Path)) {
            if (-not [string]::IsNullOrWhiteSpace($line)) { $null = $ids.Add([Text.Json.JsonDocument]::Parse($line).RootElement.GetProperty('id').GetString()) }
        }
    }
    , $ids
}

# The three steps. Gives the exit code.
function Invoke-Run {
    $state = if (Test-Path -LiteralPath $stateFile) { Get-Content -Raw -LiteralPath $stateFile | ConvertFrom-Json }
    $before = [Collections.Generic.HashSet[string]]::new([string[]] @($state.members | Where-Object { $_ }))

    $code = Export-Part 'members' ($NoElement ? @{ Type = 'Patient' } : @{ Type = 'Patient'; Element = 'id' })
    if ($code) { return $code }
    $present = Get-PatientId 'members'
    if ($present.Count -eq 0) {
        Write-Warning "Group $GroupId has no Patients, or this client may not see them. Nobody is taken for gone on that account."
        return 3
    }

    $joined = @($present | Where-Object { -not $before.Contains($_) })
    $left = @($before | Where-Object { -not $present.Contains($_) })
    Set-PrivateContent (Join-Path $run 'joined.txt') ($joined -join "`n")
    Set-PrivateContent (Join-Path $run 'left.txt') ($left -join "`n")

    $missing = @()
    $part = 'whole'
    if ($state) {
        $part = 'changed'
        $base = Join-Path $Path $state.base
        $receipt = Get-ReceiptIn $base
        if (-not $receipt -or (Test-ExportFiles $base | Where-Object State -NotIn 'Intact', 'Stray')) {
            Write-Warning "The last export in $base is not there as it was saved."
            $part = 'whole'
        }
        elseif ($receipt.State -eq 'Empty' -and '_since' -notin $receipt.Parameters) {
            # Everything was asked for and nothing came: perhaps this client could not see it then.
            $part = 'whole'
        }
        elseif ($code = Export-Part 'changed' ($what + @{ Since = $base })) {
            if (-not ($failedWith -like 'SinceSource*')) { return $code }
            $part = 'whole'
        }
        elseif ($joined -and ($code = Export-Part 'joined' ($what + @{ Patient = $joined.ForEach{ "Patient/$_" } }))) {
            # No -Patient there, or not this one: with the whole group their history comes too.
            if (-not ($failedWith | Where-Object { $_ -in 'KickOffRejected', 'ExportFailed', 'PatientNeedsPost', 'MethodNotSupported' })) { return $code }
            $part = 'whole'
        }
        elseif ($joined -and (-not $Type -or $what.Type -contains 'Patient') -and -not ($TypeFilter -like 'Patient[?]*')) {
            # A server that passes over -Patient would lose their history without a word.
            $sent = Get-PatientId 'joined'
            $missing = @($joined | Where-Object { -not $sent.Contains($_) })
        }
    }

    if ($part -eq 'whole') {
        if ($state) { Write-Warning 'Everything of the whole group is exported, instead of what is new. It replaces what you have: it does not tell what was deleted.' }
        $code = Export-Part 'whole' $what
        if ($code) { return $code }
    }

    # From here on the next run counts from this one. Who was not sent is not yet a member.
    $members = @($present | Where-Object { $_ -notin $missing })
    Set-PrivateContent $stateFile (@{ base = "$(Split-Path -Leaf $run)/$part"; members = $members } | ConvertTo-Json)
    $script:told = "$($present.Count) members: $($joined.Count) joined, $($left.Count) left (left.txt); " +
        "$((Get-ExportReceipt (Join-Path $run $part)).ResourceCount) resources in $part/" +
        ($part -eq 'changed' -and $joined ? ", $((Get-ExportReceipt (Join-Path $run 'joined')).ResourceCount) in joined/" : '')
    if ($missing) {
        Write-Warning "The server did not send $($missing.Count) of those who joined. The next run asks for them again."
        return 1
    }
    return 0
}

$exitCode = 3
$told = ''
try {
    $null = $IsWindows ? [IO.Directory]::CreateDirectory($Path) : [IO.Directory]::CreateDirectory($Path, [IO.UnixFileMode] 'UserRead, UserWrite, UserExecute')
    # Several runs at once would each take the other's members for new.
    try { $lock = [IO.File]::Open("$stateFile.lock", 'OpenOrCreate', 'ReadWrite', 'None') }
    catch [IO.IOException] {
        "Group ${GroupId}: another run is at work in $Path. Nothing was done."
        exit 2
    }

    try {
        $done = (Test-Path -LiteralPath $stateFile) ? (Get-Content -Raw -LiteralPath $stateFile | ConvertFrom-Json).base.Split('/')[0] : ''
        $last = Get-ChildItem -LiteralPath $Path -Directory | Where-Object Name -Match '^\d{4}-\d\d-\d\d_\d{6}\.\d{3}$' | Sort-Object Name | Select-Object -Last 1
        $run = $last -and $last.Name -gt $done ? $last.FullName : (Join-Path $Path ([datetime]::UtcNow.ToString('yyyy-MM-dd_HHmmss.fff', [cultureinfo]::InvariantCulture)))
        $null = $IsWindows ? [IO.Directory]::CreateDirectory($run) : [IO.Directory]::CreateDirectory($run, [IO.UnixFileMode] 'UserRead, UserWrite, UserExecute')
        $exitCode = Invoke-Run
        if (-not $told -and $exitCode -in 1, 3) { Rename-Item -LiteralPath $run "$(Split-Path -Leaf $run).failed" }
    }
    finally { $lock.Dispose() }
}
catch { Write-Error -ErrorRecord $_ -ErrorAction Continue }

"Group ${GroupId}: $(('complete', 'completed with errors', 'incomplete, the next run goes on with it', 'failed')[$exitCode]). $told".TrimEnd()
exit $exitCode
