#Requires -Version 7.4
#Requires -Modules GroupExport

<#
.SYNOPSIS
Exports the patients of a CSV file, once every row of it is right.
.DESCRIPTION
Reads the file and looks at each row before anything is sent: a row without a patient, or with something that is none, is reported with its
number, as a spreadsheet counts it (the line of the headings is row 1; blank lines are not counted). What stands in the row is not shown. When one row is bad, nothing is sent.
Patients that stand there twice are sent once.

Run Connect-GroupExport before. Exit codes: 0 complete; 1 completed, but the server reports errors; 2 incomplete, and the same command goes on with it;
3 failed, or bad rows.
.PARAMETER CsvPath
The CSV file, with a line of headings.
.PARAMETER GroupId
The id of the Group resource; the patients are members of it.
.PARAMETER Path
The folder to save to.
.PARAMETER Column
The heading of the column that holds Patient/<id> or the id alone.
.PARAMETER Delimiter
What stands between the columns.
.PARAMETER Type
Resource types; left out, the server exports all.
.EXAMPLE
./cohort-from-csv.ps1 cohort.csv -GroupId diabetes-2026 -Path ./cohort -Type Patient, Observation

Exports the patients of the column Patient.
.EXAMPLE
./cohort-from-csv.ps1 cohort.csv -GroupId diabetes-2026 -Path ./cohort -Column FhirId -Delimiter ';' -WhatIf

Looks at the rows, and shows the request with the patients as a count. Nothing is sent.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Position = 0)]
    [string] $CsvPath,
    [string] $GroupId,
    [string] $Path,
    [string] $Column = 'Patient',
    [char] $Delimiter = ',',
    [string[]] $Type
)

$ErrorActionPreference = 'Stop'
if (-not $CsvPath -or -not $GroupId -or -not $Path) {
    Write-Error 'Name the file, the group (-GroupId) and the folder to save to (-Path).' -ErrorAction Continue
    exit 3
}

$exitCode = 3
try {
    # The job file makes the same command go on with an export that was interrupted, and no other.
    $jobFile = "$($Path.TrimEnd('/', '\')).job.json"
    if (Test-Path -LiteralPath (Join-Path $Path 'export.json')) {
        $runs = (Test-Path -LiteralPath $jobFile) -and (Get-Content -Raw -LiteralPath $jobFile | ConvertFrom-Json).state -eq 'Running'
        if (-not $runs) { throw "$Path holds an export that is $((Get-ExportReceipt $Path).State) and runs no more. Name another folder." }
    }

    $rows = @(Import-Csv -LiteralPath $CsvPath -Delimiter $Delimiter)
    if (-not $rows) { throw "$CsvPath has no rows." }
    if ($Column -notin $rows[0].PSObject.Properties.Name) { throw "$CsvPath has no column '$Column'. It has: $($rows[0].PSObject.Properties.Name -join ', ')." }

    $patients = [Collections.Generic.HashSet[string]]::new()
    $bad = 0
    for ($index = 0; $index -lt $rows.Count; $index++) {
        $text = "$($rows[$index].$Column)".Trim()
        $id = $text -replace '^Patient/'
        $why = if (-not $text) { 'is empty' } elseif ($id -notmatch '^[A-Za-z0-9\-.]{1,64}$') { 'holds no Patient/<id>' }
        if ($why) {
            $bad++
            Write-Error "Row $($index + 2): $Column $why." -ErrorAction Continue
        }
        elseif (-not $patients.Add("Patient/$id")) { Write-Verbose "Row $($index + 2): named before." }
    }

    if ($bad) { throw "$bad of $($rows.Count) rows cannot be used. Nothing was sent." }

    Write-Verbose "$($patients.Count) patients in $($rows.Count) rows."
    $with = @{ GroupId = $GroupId; JobFile = $jobFile }
    if ($Type) { $with.Type = $Type }
    $patients | New-GroupExport @with -ErrorAction Continue | Save-ExportFiles -Path $Path -ErrorAction Continue

    if ($WhatIfPreference) { exit 0 }
    $receipt = if (Test-Path -LiteralPath (Join-Path $Path 'export.json')) { Get-ExportReceipt $Path }
    $exitCode = switch ($receipt.State) {
        { $_ -in 'Complete', 'Empty' } { 0 }
        'CompletedWithErrors' { 1 }
        'Incomplete' { 2 }
        default { 3 }
    }
}
catch { Write-Error -ErrorRecord $_ -ErrorAction Continue }

exit $exitCode
