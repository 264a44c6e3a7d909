#Requires -Version 7.4
#Requires -Modules GroupExport

<#
.SYNOPSIS
A nightly, incremental export of one group that needs no babysitting: it goes on where the last night stopped, and never leaves a gap.
.DESCRIPTION
Each night: what an earlier run left unfinished is finished first; then what has changed since the last complete export is
exported to a folder of its own, read back from disk, and removed from the server only when nothing of it is missing.

Where the last export is incomplete, or was of something else, the next one goes on from the last complete one that fits; where there is none,
everything is exported, and the summary says so. Bundles of deleted resources come in the folder "deleted": take those resources out of your
store; a resource is never in both.

In the folder of -Path lie: a folder for each export (named by the time of its kick-off, in UTC), nightly.json (the job file), nightly.log,
audit.ndjson (the audit log, see docs/audit-log.md), summary.txt, and nightly.lock, which keeps a second run away while one is at work. All are for the current user alone (on Windows log and summary have the
rights of the folder above, so let that be one for this account). Leave the folders of exports as they are: one from which files were moved away cannot be gone on from. Further files may be put there.

The summary that comes out (and lies in summary.txt) is plain text for a mail: its first line is the subject. It holds error ids and
counts, and no words of the server, which stand in the log alone.

Exit codes: 0 complete; 1 completed, but the server reports errors, so that data may be missing; 2 incomplete, and the next run goes on with it (also
when another run is at work); 3 failed, somebody has to look (what still runs is gone on with all the same). (pwsh itself ends with 1 when it cannot start the script at all.)
.PARAMETER GroupId
The id of the Group resource.
.PARAMETER Path
The folder for this group's exports and state. Each group, and each set of types and filters, has a folder of its own.
.PARAMETER Type
Resource types, also as one text with commas; left out, the server exports all.
.PARAMETER TypeFilter
FHIR search queries, each for one type, such as 'Observation?category=laboratory'.
.PARAMETER DestinationSlug
The slug of the Redox destination. Without it and -FhirBaseUri the connection of this runspace is used, so that any way to connect will do.
.PARAMETER EnvironmentFlag
The Redox environment, such as Production.
.PARAMETER BaseUri
A Redox server other than the usual one.
.PARAMETER FhirBaseUri
The base URL of a FHIR server, instead of a Redox destination.
.PARAMETER ClientId
The id under which the client is registered; goes with a key.
.PARAMETER PrivateKeyPath
A file with the private key: JWK, JWKS or PEM.
.PARAMETER PrivateKey
The private key as a secret text, such as Get-Secret gives it.
.PARAMETER KeyId
The id of the key (kid), where it is not in the key.
.PARAMETER Credential
A client id and secret, for servers without keys.
.PARAMETER TimeoutHours
How long this run waits for the server, for each export. The export itself goes on there, and the next run with it.
.PARAMETER GiveUpAfterDays
An export that is not finished after so many days is given up: it is cancelled, and a new one starts from the last complete one.
One that lacks nothing but the right number of resources in a file is given up the next night, if that number is the same again.
.PARAMETER KeepDays
After a complete night, folders of exports that are older than this are deleted; left out, all are kept.
.PARAMETER Compress
Keeps the files packed (.ndjson.gz).
.PARAMETER Full
Exports everything, though an earlier export is complete: once in a while to compare, or when the client may see more than before.
.PARAMETER Force
Starts an export though nobody knows what came of the last kick-off (KickOffUncertain). For one run, after somebody has looked at the server.
.EXAMPLE
pwsh -File nightly.ps1 -GroupId diabetes-2026 -Path /data/diabetes -Type Patient,Observation -DestinationSlug my-ehr -EnvironmentFlag Production -ClientId $id -PrivateKeyPath /etc/keys/redox.jwk

A line for cron or a scheduled task.
.EXAMPLE
./keys-from-secretmanagement.ps1 -FhirBaseUri https://fhir.example.org/r4 -ClientId my-client -KeySecret fhir-key; ./nightly.ps1 -GroupId diabetes-2026 -Path /data/diabetes

With a connection that was made before. The exit code is in $LASTEXITCODE.
.EXAMPLE
$summary = ./nightly.ps1 -GroupId diabetes-2026 -Path /data/diabetes; if ($LASTEXITCODE) { $summary | mail -s $summary.Split("`n")[0] ops@example.org }

Mails the summary when the night was not complete.
#>
[CmdletBinding()]
param(
    [string] $GroupId,
    [string] $Path,
    [string[]] $Type,
    [string[]] $TypeFilter,
    [string] $DestinationSlug,
    [string] $EnvironmentFlag,
    [uri] $BaseUri,
    [uri] $FhirBaseUri,
    [string] $ClientId,
    [string] $PrivateKeyPath,
    [securestring] $PrivateKey,
    [string] $KeyId,
    [pscredential] $Credential,
    [double] $TimeoutHours = 12,
    [double] $GiveUpAfterDays = 7,
    [double] $KeepDays,
    [switch] $Compress,
    [switch] $Full,
    [switch] $Force
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
if (-not $GroupId -or -not $Path) {
    Write-Error 'Name the group with -GroupId and the folder with -Path.' -ErrorAction Continue
    exit 3
}

$culture = [cultureinfo]::InvariantCulture
$started = [datetime]::UtcNow
$Path = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)
$jobFile = Join-Path $Path 'nightly.json'
$log = Join-Path $Path 'nightly.log'
$audit = Join-Path $Path 'audit.ndjson'
$notes = [Collections.Generic.List[string]]::new()      # for the summary and the log
$failures = [Collections.Generic.List[string]]::new()   # for the summary: ids and what to do; the words are in the log
$errorIds = [Collections.Generic.HashSet[string]]::new()
$warningCount = 0
$earlier = $folder = $base = $lock = $null

function Add-LogLine([string] $Kind, [string] $Text) {
    [IO.File]::AppendAllText($log, "$([datetime]::UtcNow.ToString('u', $culture)) $($Kind.PadRight(7)) $($Text -replace '\s*[\r\n]+\s*', ' ')`n")
}

function New-PrivateFile([string] $File) {
    if ([IO.File]::Exists($File)) { return }
    $options = [IO.FileStreamOptions]@{ Mode = 'CreateNew'; Access = 'Write' }
    if (-not $IsWindows) { $options.UnixCreateMode = 'UserRead, UserWrite' }
    [IO.FileStream]::new($File, $options).Dispose()
}

function Add-Note([string] $Text) {
    $notes.Add($Text)
    Add-LogLine NOTE $Text
}

function Add-Failure([Management.Automation.ErrorRecord] $Record) {
    $id = $Record.FullyQualifiedErrorId.Split(',')[0]
    $isOwn = $Record.FullyQualifiedErrorId -like '*,GroupExport.Commands.*'
    $null = $errorIds.Add($id)
    $failures.Add($isOwn ? "${id}: $($Record.ErrorDetails.RecommendedAction)" : "$($Record.Exception.GetType().Name): see the log.")
    Add-LogLine ERROR "${id}: $($Record.ErrorDetails.Message ?? $Record.Exception.Message)"
}

# Runs a step. What it gives comes out; what it says goes to the log, its errors and the number of its warnings to the summary too.
function Invoke-Step([string] $Name, [scriptblock] $Step) {
    Add-LogLine STEP $Name
    $ErrorActionPreference = $VerbosePreference = $WarningPreference = 'Continue'
    & $Step *>&1 | ForEach-Object {
        if ($_ -is [Management.Automation.ErrorRecord]) { Add-Failure $_ }
        elseif ($_ -is [Management.Automation.WarningRecord]) { $script:warningCount++; Add-LogLine WARNING $_.Message }
        elseif ($_ -is [Management.Automation.VerboseRecord]) { Add-LogLine DETAIL $_.Message }
        elseif ($_ -isnot [Management.Automation.InformationRecord]) { $_ }
    }
}

# The state of the job file: Sending, Running, Saved, Failed, Deleted; and its job. Nothing when there is no file.
function Get-JobRecord {
    if (-not (Test-Path -LiteralPath $jobFile)) { return }
    try { Get-Content -Raw -LiteralPath $jobFile | ConvertFrom-Json }
    catch {
        Add-Note "DAMAGED: $jobFile is no job file any more. See whether an export of this group runs at the server, then move the file away."
        throw
    }
}

# A job's folder follows from its kick-off, so that a run that was killed between kick-off and saving is found again.
function Get-JobFolder($Job) {
    Join-Path $Path $Job.StartedAt.ToUniversalTime().ToString('yyyy-MM-dd_HHmmss.fff', $culture)
}

function Get-ReceiptIn([string] $Folder) {
    if ($Folder -and (Test-Path -LiteralPath (Join-Path $Folder 'export.json'))) { Get-ExportReceipt $Folder }
}

# A damaged receipt is never read as an empty one: no export goes on from it, but one may from an earlier export.
function Get-IntactReceipt([string] $Folder) {
    try { Get-ReceiptIn $Folder }
    catch {
        if ($_.FullyQualifiedErrorId -notlike 'InvalidReceipt,*') { throw }
        Add-Note "DAMAGED: the receipt of $Folder is not as it was written, so that no export goes on from it. While the job is at the server, its status URL or job file piped to Save-ExportFiles -Path '$Folder' restores it."
    }
}

# Further files in a folder do no harm.
function Get-Damage([string] $Folder) {
    Test-ExportFiles $Folder | Where-Object State -NotIn 'Intact', 'Stray'
}

# The folders of earlier exports, the last first.
function Get-ExportFolder {
    Get-ChildItem -LiteralPath $Path -Directory | Where-Object Name -Match '^\d{4}-\d\d-\d\d_\d{6}\.\d{3}$' | Sort-Object Name -Descending
}

function Connect-Server {
    $with = @{}
    foreach ($name in 'DestinationSlug', 'EnvironmentFlag', 'BaseUri', 'FhirBaseUri', 'ClientId', 'PrivateKeyPath', 'PrivateKey', 'KeyId', 'Credential') {
        $value = Get-Variable $name -ValueOnly
        if ($value) { $with[$name] = $value }
    }

    if ($DestinationSlug -or $FhirBaseUri) { $null = Connect-GroupExport @with }
    elseif (-not (Get-GroupExportConnection)) { throw 'There is no connection: give -DestinationSlug or -FhirBaseUri, or run Connect-GroupExport before.' }
}

# The files of a folder that hold another number of resources than the manifest says, as text; nothing when there are none, or anything else is missing too.
function Get-Mismatch([string] $Folder) {
    $files = @((Get-IntactReceipt $Folder).Files)
    $invalid = @($files | Where-Object State -EQ 'Invalid')
    if ($invalid.BadLines -gt 0 -or ($files | Where-Object State -NotIn 'Saved', 'Invalid')) { return }
    ($invalid | ForEach-Object { "$($_.Name) with $($_.Count) resources" }) -join ', '
}

# Cancels the export of the job file and keeps what is there of it.
function Set-ExportAside([string] $Folder) {
    Invoke-Step 'cancelling' { Get-Item -LiteralPath $jobFile | Remove-GroupExport -Force }
    Move-Item -LiteralPath $jobFile "$Folder.given-up.json" -Force
}

# Saves, reads back from disk, and only then removes from the server. (Save-ExportFiles -RemoveWhenComplete does it in one go, without the reading back.)
function Complete-Export($Job, [string] $Folder) {
    try {
        Invoke-Step "saving to $Folder" {
            $Job | Save-ExportFiles -Path $Folder -LogPath $audit -Compress:$Compress -RetryInvalid -Timeout ([timespan]::FromHours($TimeoutHours)) | Out-Null
        }
        $receipt = Get-ReceiptIn $Folder
        if ($receipt.State -notin 'Complete', 'Empty', 'CompletedWithErrors') { return }

        $damage = @(Invoke-Step 'reading back' { Get-Damage $Folder })
        if ($damage) {
            Rename-Item -LiteralPath $Folder "$(Split-Path -Leaf $Folder).damaged"
            Add-Note "DAMAGED: $($damage.Count) files of $Folder do not lie on disk as they were saved. It is kept as .damaged, and no export goes on from it: look at the disk."
            return
        }

        if ($receipt.State -ne 'CompletedWithErrors') {
            Invoke-Step 'removing from the server' { $receipt | Remove-GroupExport }
        }
    }
    catch { Add-Failure $_ }
}

# Finishes what the job file tells of. Says whether an export may be started.
function Complete-EarlierExport {
    $record = Get-JobRecord
    if ($record.state -notin 'Running', 'Saved') { return $true }

    $old = Get-JobFolder $record.job
    if ($record.state -eq 'Saved') {
        # Saved, but not yet removed from the server when that run ended.
        if ((Get-IntactReceipt $old).State -eq 'Complete') { Complete-Export (Get-Item -LiteralPath $jobFile) $old }
        return $true
    }

    $script:earlier = $old
    $mismatch = Get-Mismatch $old
    Complete-Export (Get-Item -LiteralPath $jobFile) $old
    if ($errorIds.Contains('InvalidJobFile')) {
        # Its times are not to be believed either, so that nothing is given up.
        Add-Note "DAMAGED: $jobFile is not as it was written. See whether an export of this group runs at the server, then move the file away."
        return $false
    }

    $now = Get-JobRecord
    $when = $record.job.startedAt.ToString('u', $culture)
    if ($now.state -ne 'Running') {
        Add-Note ($now.state -eq 'Failed' ?
            "The export of $when, which an earlier run left unfinished, cannot be finished ($($now.reason)). The next one goes on from the last complete one, so that nothing is lost." :
            "The export of $when, which an earlier run left unfinished, is now $((Get-ReceiptIn $old).State ?? 'set aside').")
        return $true
    }

    if ($mismatch -and $mismatch -eq (Get-Mismatch $old) -and -not ($errorIds | Where-Object { $_ -ne 'CountMismatch' })) {
        Add-Note "COUNT MISMATCH: the export of $when holds $mismatch, again, where the manifest says otherwise. It is kept in $old; ask the server's operator whether data is missing. The next one goes on from the last complete one, so that nothing is lost."
        Set-ExportAside $old
        return $true
    }

    if ($started - $record.job.startedAt.ToUniversalTime() -lt [timespan]::FromDays($GiveUpAfterDays)) { return $false }

    Add-Note "GIVEN UP: the export of $when is not finished after $GiveUpAfterDays days. The next one goes on from the last complete one, so that nothing is lost."
    Set-ExportAside $old
    return $true
}

# Kicks off from the last complete export that fits, else for everything.
function Start-Export {
    $with = @{ GroupId = $GroupId; JobFile = $jobFile; LogPath = $audit; Force = $Force }
    if ($Type) { $with.Type = @($Type -split ',').Trim() }
    if ($TypeFilter) { $with.TypeFilter = $TypeFilter }
    $earlierFolders = @(Get-ExportFolder)
    foreach ($known in $earlierFolders | Where-Object { -not $Full } | ForEach-Object { Get-IntactReceipt $_.FullName }) {
        if ($known.State -notin 'Complete', 'Empty') { continue }
        # Everything was asked for and nothing came: perhaps this client could not see it then, and would never get what lies before.
        if ($known.State -eq 'Empty' -and '_since' -notin $known.Parameters) { continue }
        if (Get-Damage $known.Path) {
            Add-Note "DAMAGED: files of $($known.Path) do not lie on disk as they were saved, so that the export goes on from an earlier one."
            continue
        }

        try {
            $script:base = $known
            return Invoke-Step "kick-off, since $($known.Path)" { New-GroupExport @with -Since $known }
        }
        catch {
            if ($_.FullyQualifiedErrorId -notlike 'SinceSource*') { throw }
            Add-LogLine NOTE "Not from $($known.Path): $($_.ErrorDetails.Message)"
        }
    }

    $script:base = $null
    if ($Full) { Add-Note 'FULL EXPORT, as asked for. It replaces what you have: it does not tell what was deleted.' }
    elseif ($earlierFolders) { Add-Note 'FULL EXPORT: no earlier export is complete and of the same group, types and filters, so that everything is exported. It replaces what you have: it does not tell what was deleted.' }
    Invoke-Step 'kick-off of a full export' { New-GroupExport @with }
}

# Only after a complete night: from then on nothing goes on from an older one.
function Remove-OldExport {
    $limit = $started.AddDays(-$KeepDays).ToString('yyyy-MM-dd_HHmmss.fff', $culture)
    Get-ChildItem -LiteralPath $Path | Where-Object { $_.Name -match '^\d{4}-\d\d-\d\d_\d{6}\.\d{3}(\.damaged|\.given-up\.json)?$' -and $_.Name -lt $limit -and $_.FullName -ne $folder } | ForEach-Object {
        Add-LogLine NOTE "Deleting $($_.Name), which is older than $KeepDays days."
        Remove-Item -LiteralPath $_.FullName -Recurse -Force
    }
}

function Get-Summary([int] $Code, $Receipt) {
    $words = 'complete', 'COMPLETED WITH ERRORS', 'INCOMPLETE', 'FAILED'
    $deleted = ($Receipt.Files | Where-Object Kind -EQ 'deleted' | Measure-Object Count -Sum).Sum
    @(
        "Export of group ${GroupId}: $($words[$Code])"
        ''
        "Run       $($started.ToString('u', $culture)) to $([datetime]::UtcNow.ToString('u', $culture)) on $([Environment]::MachineName), exit code $Code"
        if ($base) { "Since     $($base.TransactionTime) ($(Split-Path -Leaf $base.Path))" } 
        elseif ('_since' -in $Receipt.Parameters) { "Since     an earlier export, which the log names at the kick-off of $($Receipt.StartedAt.ToString('u', $culture))" }
        elseif ($Receipt) { 'Since     the beginning' }
        if ($Receipt) {
            "Up to     $($Receipt.TransactionTime ?? 'not known yet')"
            "Saved     $($Receipt.SavedCount) of $($Receipt.FileCount) files, $($Receipt.ResourceCount) resources, $($Receipt.Bytes) bytes, in $($Receipt.Path)"
            if ($Receipt.ErrorCount + $Receipt.FatalCount) { "Server    reports $($Receipt.ErrorCount + $Receipt.FatalCount) errors: see the folder 'error' there" }
            if ($deleted) { "Deleted   $deleted bundles of deleted resources in the folder 'deleted': take them out of your store" }
        }
        if ($warningCount) { "Warnings  $warningCount, in the log" }
        "Log       $log"
        foreach ($note in $notes) { ''; $note }
        if ($failures) { ''; 'Errors:'; $failures | Select-Object -Unique | ForEach-Object { "- $_" } }
    ) -join "`n"
}

$exitCode = 3
$receipt = $null
try {
    $null = $IsWindows ? [IO.Directory]::CreateDirectory($Path) : [IO.Directory]::CreateDirectory($Path, [IO.UnixFileMode] 'UserRead, UserWrite, UserExecute')
    New-PrivateFile $log
    New-PrivateFile (Join-Path $Path 'nightly.lock')
    try { $lock = [IO.File]::Open((Join-Path $Path 'nightly.lock'), 'Open', 'ReadWrite', 'None') }
    catch [IO.IOException] {
        "Export of group ${GroupId}: another run is at work in $Path. Nothing was done."
        exit 2
    }

    Add-LogLine START "group $GroupId"
    Connect-Server
    if (Complete-EarlierExport) {
        # From here on the outcome is that of tonight's export: it covers whatever an earlier one missed.
        $job = Start-Export
        if ($job) {
            $folder = Get-JobFolder $job
            Complete-Export $job $folder
        }
    }
    else { $folder = $earlier }

    $receipt = Get-ReceiptIn $folder
    $exitCode = switch ($receipt.State) {
        { $_ -in 'Complete', 'Empty' } { 0; break }
        'CompletedWithErrors' { 1; break }
        default {
            # What passes by itself, or with the next try, needs nobody.
            $passing = 'WaitTimeout', 'StatusUnavailable', 'ServerUnreachable', 'TokenEndpointUnreachable', 'FileFailed', 'CountMismatch', 'InvalidFile', 'FolderInUse', 'JobFileInUse'
            (Get-JobRecord).state -eq 'Running' -and -not ($errorIds | Where-Object { $_ -notin $passing }) ? 2 : 3
        }
    }
    if ($receipt.State -eq 'Empty' -and '_since' -notin $receipt.Parameters) {
        Add-Note 'EMPTY: everything was asked for and nothing came. Nothing in the group matches, or this client may not see it. The next run asks for everything again.'
    }
    if ($exitCode -eq 0 -and $PSBoundParameters.ContainsKey('KeepDays')) { Remove-OldExport }
}
catch {
    try { Add-Failure $_ } catch { $failures.Add("The log cannot be written: $($_.Exception.Message)") }
}

$summary = Get-Summary $exitCode $receipt
try {
    $file = Join-Path $Path 'summary.txt'
    New-PrivateFile $file
    [IO.File]::WriteAllText($file, "$summary`n")
    Add-LogLine END "exit code $exitCode"
}
catch { $summary += "`n`nsummary.txt and log could not be written: $($_.Exception.Message)" }
finally { if ($lock) { $lock.Dispose() } }
$summary
exit $exitCode
