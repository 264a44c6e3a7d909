# Every item of bad input: an error record with an id, category and target of its own, and a sentence on what to do,
# before anything is sent or written.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $sandbox = Start-TestSandbox
    $sandbox | Connect-GroupExport | Out-Null
    $all = $sandbox.GroupId
    $elsewhere = Start-TestSandbox -PatientCount 1

    function Assert-Failure {
        param($Failure, [string] $Id, [string] $Command, [string] $Category, $Target)
        $Failure | Should -HaveCount 1
        $Failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId $Id $Command)
        $Failure.CategoryInfo.Category | Should -Be $Category
        $Failure.TargetObject | Should -Not -BeNullOrEmpty
        if ($null -ne $Target) { "$($Failure.TargetObject)" | Should -BeExactly $Target }
        $Failure.ErrorDetails.Message | Should -Match '[.:)]$|\.\s' -Because 'it is a sentence'
        $Failure.ErrorDetails.RecommendedAction | Should -Match '\.$'
    }
}

AfterAll {
    Disconnect-GroupExport
    $sandbox, $elsewhere | Stop-ExportSandbox
}

Describe 'New-GroupExport refuses' {
    BeforeEach {
        $sandbox.ClearRequests()
    }

    It '<Name>: <Id>' -ForEach @(
        @{ Name = 'a typing error in -Type'; Id = 'UnknownResourceType'; Category = 'InvalidArgument'; Target = 'Pateint'
            Script = { New-GroupExport -GroupId $all -Type Patient, Pateint } }
        @{ Name = 'types joined by a comma'; Id = 'UnknownResourceType'; Category = 'InvalidArgument'; Target = 'Patient,Observation'
            Script = { New-GroupExport -GroupId $all -Type 'Patient,Observation' } }
        @{ Name = 'an empty -Type'; Id = 'InvalidParameter'; Category = 'InvalidArgument'; Target = $null
            Script = { New-GroupExport -GroupId $all -Type ' ' } }
        @{ Name = 'a typing error in -OrganizeOutputBy'; Id = 'UnknownResourceType'; Category = 'InvalidArgument'; Target = 'Patients'
            Script = { New-GroupExport -GroupId $all -OrganizeOutputBy Patients } }
        @{ Name = 'a typing error in a piped type'; Id = 'UnknownInput'; Category = 'InvalidData'; Target = 'piped object 2'
            Script = { 'Patient', 'Observaton' | New-GroupExport -GroupId $all } }
        @{ Name = 'a bare id that is piped'; Id = 'UnknownInput'; Category = 'InvalidData'; Target = 'piped object 1'
            Script = { 'patient-0001' | New-GroupExport -GroupId $all } }
        @{ Name = 'a number that is piped'; Id = 'UnknownInput'; Category = 'InvalidData'; Target = 'piped object 1'
            Script = { 42 | New-GroupExport -GroupId $all } }
        @{ Name = 'nothing that is piped'; Id = 'UnknownInput'; Category = 'InvalidData'; Target = 'piped object 2'
            Script = { 'Patient/patient-0001', $null | New-GroupExport -GroupId $all } }
        @{ Name = 'an empty line that is piped'; Id = 'UnknownInput'; Category = 'InvalidData'; Target = 'piped object 1'
            Script = { '' | New-GroupExport -GroupId $all } }
        @{ Name = 'a row without any known column'; Id = 'UnknownInput'; Category = 'InvalidData'; Target = 'piped object 1'
            Script = { [pscustomobject] @{ id = 'patient-0001'; Name = 'x' } | New-GroupExport -GroupId $all } }
        @{ Name = 'a row whose type is mistyped'; Id = 'UnknownResourceType'; Category = 'InvalidArgument'; Target = 'piped object 1'
            Script = { [pscustomobject] @{ Patient = 'patient-0001'; Type = 'Obs' } | New-GroupExport -GroupId $all } }
        @{ Name = 'a row whose patient is empty'; Id = 'EmptyPatient'; Category = 'InvalidArgument'; Target = 'piped object 2'
            Script = { 'PatientId,Name', 'patient-0001,a', ',b' | ConvertFrom-Csv | New-GroupExport -GroupId $all } }
        @{ Name = 'a row whose patient is $null'; Id = 'EmptyPatient'; Category = 'InvalidArgument'; Target = 'piped object 1'
            Script = { [pscustomobject] @{ Patient = $null; Type = 'Observation' } | New-GroupExport -GroupId $all } }
        @{ Name = 'a row whose group is a path'; Id = 'InvalidGroupId'; Category = 'InvalidArgument'; Target = 'piped object 1'
            Script = { [pscustomobject] @{ GroupId = 'a/b'; Patient = 'patient-0001' } | New-GroupExport } }
        @{ Name = '-Patient with -Method Get'; Id = 'PatientNeedsPost'; Category = 'InvalidArgument'; Target = 'Patient'
            Script = { New-GroupExport -GroupId $all -Patient Patient/patient-0001 -Method Get } }
        @{ Name = 'piped patients with -Method Get'; Id = 'PatientNeedsPost'; Category = 'InvalidArgument'; Target = 'Patient'
            Script = { 'Patient/patient-0001' | New-GroupExport -GroupId $all -Method Get } }
        @{ Name = 'a bare date'; Id = 'InvalidInstant'; Category = 'InvalidArgument'; Target = '2026-11-01'
            Script = { New-GroupExport -GroupId $all -Since 2026-11-01 } }
        @{ Name = 'an American date'; Id = 'InvalidInstant'; Category = 'InvalidArgument'; Target = '11/12/2026'
            Script = { New-GroupExport -GroupId $all -Since 11/12/2026 } }
        @{ Name = 'a time without a zone'; Id = 'InvalidInstant'; Category = 'InvalidArgument'; Target = '2026-11-01T00:00:00'
            Script = { New-GroupExport -GroupId $all -Until 2026-11-01T00:00:00 } }
        @{ Name = 'a time without seconds'; Id = 'InvalidInstant'; Category = 'InvalidArgument'; Target = '2026-11-01T00:00Z'
            Script = { New-GroupExport -GroupId $all -Until 2026-11-01T00:00Z } }
        @{ Name = 'a day that is in no calendar'; Id = 'InvalidInstant'; Category = 'InvalidArgument'; Target = '2026-02-30T00:00:00Z'
            Script = { New-GroupExport -GroupId $all -Since 2026-02-30T00:00:00Z } }
        @{ Name = 'a [datetime] without a zone'; Id = 'InvalidInstant'; Category = 'InvalidArgument'; Target = $null
            Script = { New-GroupExport -GroupId $all -Since ([datetime] '2026-11-01') } }
        @{ Name = 'an -EventDateTime that is no instant'; Id = 'InvalidInstant'; Category = 'InvalidArgument'; Target = 'now'
            Script = { New-GroupExport -GroupId $all -EventDateTime now } }
        @{ Name = 'an empty pipeline'; Id = 'EmptyPipeline'; Category = 'InvalidArgument'; Target = 'InputObject'
            Script = { @() | New-GroupExport -GroupId $all } }
        @{ Name = 'a filter that lets nothing through'; Id = 'EmptyPipeline'; Category = 'InvalidArgument'; Target = 'InputObject'
            Script = { 'Patient/patient-0001' | Where-Object { $_ -eq 'x' } | New-GroupExport -GroupId $all } }
        @{ Name = '-Patient $null'; Id = 'EmptyPatient'; Category = 'InvalidArgument'; Target = 'Patient'
            Script = { New-GroupExport -GroupId $all -Patient $null } }
        @{ Name = '-Patient '''''; Id = 'EmptyPatient'; Category = 'InvalidArgument'; Target = 'Patient'
            Script = { New-GroupExport -GroupId $all -Patient '' } }
        @{ Name = '-Patient '' '''; Id = 'EmptyPatient'; Category = 'InvalidArgument'; Target = 'Patient'
            Script = { New-GroupExport -GroupId $all -Patient ' ' } }
        @{ Name = '-Patient @()'; Id = 'EmptyPatient'; Category = 'InvalidArgument'; Target = 'Patient'
            Script = { New-GroupExport -GroupId $all -Patient @() } }
        @{ Name = '-Patient with one that is $null'; Id = 'EmptyPatient'; Category = 'InvalidArgument'; Target = 'Patient'
            Script = { New-GroupExport -GroupId $all -Patient Patient/patient-0001, $null } }
        @{ Name = '-Patient of another type'; Id = 'InvalidPatient'; Category = 'InvalidArgument'; Target = 'Patient'
            Script = { New-GroupExport -GroupId $all -Patient Practitioner/1 } }
        @{ Name = '-Patient that is a type'; Id = 'InvalidPatient'; Category = 'InvalidArgument'; Target = 'Patient'
            Script = { New-GroupExport -GroupId $all -Patient Observation } }
        @{ Name = 'patients joined by a comma'; Id = 'InvalidPatient'; Category = 'InvalidArgument'; Target = 'Patient'
            Script = { New-GroupExport -GroupId $all -Patient 'Patient/1,Patient/2' } }
        @{ Name = 'bare patients with two groups'; Id = 'AmbiguousPatientGroup'; Category = 'InvalidArgument'; Target = 'asthma-2026 hypertension-2026'
            Script = { 'Patient/patient-0001' | New-GroupExport -GroupId asthma-2026, hypertension-2026 } }
        @{ Name = 'no group'; Id = 'MissingGroup'; Category = 'InvalidArgument'; Target = 'GroupId'
            Script = { New-GroupExport -Type Patient } }
        @{ Name = 'a group id with a slash'; Id = 'InvalidGroupId'; Category = 'InvalidArgument'; Target = 'a/b'
            Script = { New-GroupExport -GroupId a/b } }
        @{ Name = 'Group/ with a slash behind it'; Id = 'InvalidGroupId'; Category = 'InvalidArgument'; Target = 'Group/a/b'
            Script = { New-GroupExport -GroupId Group/a/b } }
        @{ Name = 'a group that is a URL'; Id = 'InvalidGroupId'; Category = 'InvalidArgument'; Target = 'https://fhir.example.org/Group/a'
            Script = { New-GroupExport -GroupId https://fhir.example.org/Group/a } }
        @{ Name = 'a group id that climbs'; Id = 'InvalidGroupId'; Category = 'InvalidArgument'; Target = '..'
            Script = { New-GroupExport -GroupId .. } }
        @{ Name = 'several type filters, one with a comma'; Id = 'InvalidParameter'; Category = 'InvalidArgument'; Target = 'TypeFilter'
            Script = { New-GroupExport -GroupId $all -TypeFilter 'Observation?code=a,b', 'Patient?gender=female' } }
        @{ Name = 'an empty type filter'; Id = 'InvalidParameter'; Category = 'InvalidArgument'; Target = 'TypeFilter'
            Script = { New-GroupExport -GroupId $all -TypeFilter ' ' } }
        @{ Name = 'a destination with an unknown key'; Id = 'InvalidMeta'; Category = 'InvalidArgument'; Target = 'Destination'
            Script = { New-GroupExport -GroupId $all -Destination @{ Slug = 'x' } } }
        @{ Name = 'a destination that is a text'; Id = 'InvalidMeta'; Category = 'InvalidArgument'; Target = 'Destination'
            Script = { New-GroupExport -GroupId $all -Destination redox } }
        @{ Name = 'a source whose ID is no UUID'; Id = 'InvalidMeta'; Category = 'InvalidArgument'; Target = 'Source'
            Script = { New-GroupExport -GroupId $all -Source @{ ID = '42' } } }
    ) {
        $failure = Get-Failure $Script
        Assert-Failure $failure $Id New-GroupExport $Category $Target
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'a mistyped type with a hint: <Typed> was meant as <Meant>' -ForEach @(
        @{ Typed = 'Pateint'; Meant = 'Patient' }
        @{ Typed = 'Observations'; Meant = 'Observation' }
        @{ Typed = 'MedicationRequst'; Meant = 'MedicationRequest' }
    ) {
        (Get-Failure { New-GroupExport -GroupId $all -Type $Typed }).ErrorDetails.Message | Should -Match "Did you mean $Meant"
        (Get-Failure { $Typed | New-GroupExport -GroupId $all }).ErrorDetails.Message | Should -Match "did you mean $Meant"
    }

    It 'a date, and shows the right form' {
        (Get-Failure { New-GroupExport -GroupId $all -Since 2026-11-01 }).ErrorDetails.Message | Should -Match '2026-11-01T00:00:00Z'
    }

    It 'all of a pipeline for one bad object, after naming each bad one, and never shows a patient' {
        $failures = Get-Failure { 'Patient/patient-0001', 'secret-17', 'Observation', 'secret-18' | New-GroupExport -GroupId $all }
        $failures | Should -HaveCount 2
        $failures.TargetObject | Should -Be 'piped object 2', 'piped object 4'
        $failures | ForEach-Object { "$_ $($_.Exception.Message)" } | Should -Not -Match 'secret'
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'to go on under -ErrorAction Stop' {
        { 'patient-0001' | New-GroupExport -GroupId $all -ErrorAction Stop } |
            Should -Throw -ErrorId (Get-FullErrorId UnknownInput New-GroupExport)
        $sandbox.Requests | Should -BeNullOrEmpty
    }
}

Describe 'An output format that is not NDJSON' {
    It 'draws a warning that names -Validation None' {
        New-GroupExport -GroupId $all -OutputFormat text/csv -ErrorAction Ignore -WarningVariable warnings -WarningAction SilentlyContinue | Out-Null
        $warnings | Should -HaveCount 1
        $warnings[0].Message | Should -Match '-Validation None'
    }

    It '<_> is NDJSON and draws none' -ForEach 'application/fhir+ndjson', 'application/ndjson', 'ndjson' {
        New-GroupExport -GroupId $all -OutputFormat $_ -WarningVariable warnings -WarningAction SilentlyContinue | Out-Null
        $warnings | Should -BeNullOrEmpty
    }
}

Describe 'Connect-GroupExport refuses' {
    It '<Name>: <Id>' -ForEach @(
        @{ Name = 'a relative URL'; Id = 'InvalidServerUri'; Target = 'fhir/r4'
            Script = { Connect-GroupExport -FhirBaseUri fhir/r4 } }
        @{ Name = 'a URL of plain http'; Id = 'InvalidServerUri'; Target = 'http://fhir.example.org/r4'
            Script = { Connect-GroupExport -FhirBaseUri http://fhir.example.org/r4 } }
        @{ Name = 'a Redox server of plain http'; Id = 'InvalidServerUri'; Target = 'http://redox.example.org/'
            Script = { Connect-GroupExport -BaseUri http://redox.example.org/ -DestinationSlug a -EnvironmentFlag Development } }
        @{ Name = 'a URL of another scheme'; Id = 'InvalidServerUri'; Target = $null
            Script = { Connect-GroupExport -FhirBaseUri file:///fhir } }
        @{ Name = 'a URL with a query'; Id = 'InvalidServerUri'; Target = $null
            Script = { Connect-GroupExport -FhirBaseUri 'https://fhir.example.org/r4?key=secret' } }
        @{ Name = 'no slug'; Id = 'InvalidParameter'; Target = '-DestinationSlug'
            Script = { Connect-GroupExport } }
        @{ Name = 'no environment'; Id = 'InvalidParameter'; Target = '-EnvironmentFlag'
            Script = { Connect-GroupExport -DestinationSlug redox-fhir-sandbox } }
        @{ Name = 'a slug with a slash'; Id = 'InvalidParameter'; Target = 'a/b'
            Script = { Connect-GroupExport -DestinationSlug a/b -EnvironmentFlag Development } }
        @{ Name = 'a source without a known key'; Id = 'InvalidMeta'; Target = 'Source'
            Script = { Connect-GroupExport -DestinationSlug a -EnvironmentFlag Development -Source @{ Id2 = 'x' } } }
    ) {
        $before = Get-GroupExportConnection
        $failure = Get-Failure $Script
        Assert-Failure $failure $Id Connect-GroupExport InvalidArgument $Target
        "$failure $($failure.TargetObject)" | Should -Not -Match 'secret'
        Get-GroupExportConnection | Should -Be $before -Because 'the one before stays open'
    }
}

Describe 'Without a connection' {
    BeforeAll {
        $job = New-GroupExport -GroupId $all -Type Patient
        $stored = $job | ConvertTo-Json | ConvertFrom-Json
        Disconnect-GroupExport
        $sandbox.ClearRequests()
    }

    AfterAll {
        $sandbox | Connect-GroupExport | Out-Null
    }

    It '<Command> says so: NoConnection' -ForEach @(
        @{ Command = 'New-GroupExport'; Script = { New-GroupExport -GroupId $all } }
        @{ Command = 'Get-ExportStatus'; Script = { $stored | Get-ExportStatus } }
        @{ Command = 'Save-ExportFiles'; Script = { $stored | Save-ExportFiles -Path (Join-Path $TestDrive 'no-connection') } }
        @{ Command = 'Remove-GroupExport'; Script = { $stored | Remove-GroupExport } }
    ) {
        Assert-Failure (Get-Failure $Script) NoConnection $Command ConnectionError $Command
        $sandbox.Requests | Should -BeNullOrEmpty
        Join-Path $TestDrive 'no-connection' | Should -Not -Exist
    }

    It 'a closed one says so: ConnectionClosed' {
        $closed = $sandbox | Connect-GroupExport
        Disconnect-GroupExport $closed
        Assert-Failure (Get-Failure { New-GroupExport -Connection $closed -GroupId $all }) ConnectionClosed New-GroupExport ConnectionError $closed.Server
        $sandbox.Requests | Should -BeNullOrEmpty
    }
}

Describe 'A job that is none' {
    BeforeEach {
        $sandbox.ClearRequests()
        $elsewhere.ClearRequests()
        $folder = Join-Path $TestDrive 'never-made'
    }

    It '<Command> refuses <Name>: <Id>' -ForEach @(
        foreach ($command in 'Get-ExportStatus', 'Save-ExportFiles', 'Remove-GroupExport') {
            @{ Command = $command; Name = 'an object without a status URL'; Id = 'NotAJob'; Category = 'InvalidArgument'; Job = { [pscustomobject] @{ Name = 'x' } } }
            @{ Command = $command; Name = 'a relative status URL'; Id = 'InvalidServerUri'; Category = 'InvalidArgument'; Job = { 'bulkstatus/1' } }
            @{ Command = $command; Name = 'a status URL of plain http'; Id = 'InvalidServerUri'; Category = 'InvalidArgument'; Job = { 'http://fhir.example.org/status/1' } }
            @{ Command = $command; Name = 'a status URL of another origin'; Id = 'UntrustedStatusOrigin'; Category = 'SecurityError'; Job = { "$($elsewhere.BaseUri)fhir/bulkstatus/1" } }
            @{ Command = $command; Name = 'a job of another server'; Id = 'WrongConnection'; Category = 'InvalidArgument'
                Job = { [pscustomobject] @{ StatusUrl = "$($elsewhere.BaseUri)fhir/bulkstatus/1"; Server = "$($elsewhere.BaseUri)fhir/"; GroupId = 'g' } } }
        }
    ) {
        $with = $Command -eq 'Save-ExportFiles' ? @{ Path = $folder } : @{}
        $given = & $Job
        Assert-Failure (Get-Failure { $given | & $Command @with }) $Id $Command $Category
        $sandbox.Requests | Should -BeNullOrEmpty
        $elsewhere.Requests | Should -BeNullOrEmpty
        $folder | Should -Not -Exist
    }

    It '<Command> without one says so' -ForEach @(
        @{ Command = 'Get-ExportStatus'; With = @{} }
        @{ Command = 'Save-ExportFiles'; With = @{ Path = 'x' } }
        @{ Command = 'Remove-GroupExport'; With = @{} }
    ) {
        Assert-Failure (Get-Failure { & $Command @With }) NotAJob $Command InvalidArgument 'InputObject'
    }
}

Describe 'A folder that cannot be used' {
    BeforeAll {
        $job = New-GroupExport -GroupId $all -Type Patient
        $file = Join-Path $TestDrive 'a-file'
        'x' | Set-Content $file
    }

    BeforeEach {
        $sandbox.ClearRequests()
    }

    It 'none at all: MissingPath' {
        Assert-Failure (Get-Failure { $job | Save-ExportFiles }) MissingPath Save-ExportFiles InvalidArgument "$job"
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'a file: InvalidPath' {
        Assert-Failure (Get-Failure { $job | Save-ExportFiles -Path $file }) InvalidPath Save-ExportFiles InvalidArgument $file
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'another provider''s: InvalidPath' {
        Assert-Failure (Get-Failure { $job | Save-ExportFiles -Path Env:/out }) InvalidPath Save-ExportFiles InvalidArgument 'Env:/out'
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'an unknown drive''s: InvalidPath' {
        Assert-Failure (Get-Failure { $job | Save-ExportFiles -Path NoSuchDrive:/out }) InvalidPath Save-ExportFiles InvalidArgument 'NoSuchDrive:/out'
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'one below a file: FolderNotWritable' {
        $below = Join-Path $file 'out'
        Assert-Failure (Get-Failure { $job | Save-ExportFiles -Path $below }) FolderNotWritable Save-ExportFiles PermissionDenied $below
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'one that is read only: FolderNotWritable' -Skip:($IsWindows -or [Environment]::UserName -eq 'root') {
        $readOnly = (New-Item -ItemType Directory (Join-Path $TestDrive 'read-only')).FullName
        [IO.File]::SetUnixFileMode($readOnly, 'UserRead, UserExecute')
        try {
            Assert-Failure (Get-Failure { $job | Save-ExportFiles -Path $readOnly }) FolderNotWritable Save-ExportFiles PermissionDenied $readOnly
        }
        finally {
            [IO.File]::SetUnixFileMode($readOnly, 'UserRead, UserWrite, UserExecute')
        }

        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'one that is locked: FolderInUse' {
        $locked = (New-Item -ItemType Directory (Join-Path $TestDrive 'locked')).FullName
        $held = [IO.File]::Open((Join-Path $locked '.export.lock'), 'OpenOrCreate', 'Write', 'None')
        try {
            Assert-Failure (Get-Failure { $job | Save-ExportFiles -Path $locked }) FolderInUse Save-ExportFiles ResourceBusy $locked
        }
        finally {
            $held.Dispose()
        }

        $sandbox.Requests | Should -BeNullOrEmpty
        Get-ChildItem $locked -Exclude '.export.lock' | Should -BeNullOrEmpty
    }

    It 'one that holds another export: FolderHoldsOtherExport' {
        $taken = Join-Path $TestDrive 'taken'
        $job | Save-ExportFiles -Path $taken | Out-Null
        $before = (Get-ExportReceipt $taken).StatusUrl
        $another = New-GroupExport -GroupId $all -Type Patient
        $sandbox.ClearRequests()
        Assert-Failure (Get-Failure { $another | Save-ExportFiles -Path $taken }) FolderHoldsOtherExport Save-ExportFiles ResourceExists "$another"
        $sandbox.Requests | Should -BeNullOrEmpty
        (Get-ExportReceipt $taken).StatusUrl | Should -Be $before
    }

    It 'one without a receipt: ReceiptNotFound' {
        Assert-Failure (Get-Failure { Get-ExportReceipt (Join-Path $TestDrive 'nothing-here') }) ReceiptNotFound Get-ExportReceipt ObjectNotFound (Join-Path $TestDrive 'nothing-here')
    }

    It 'one whose receipt is damaged: InvalidReceipt' {
        $damaged = (New-Item -ItemType Directory (Join-Path $TestDrive 'damaged')).FullName
        '{ "job":' | Set-Content (Join-Path $damaged 'export.json')
        Assert-Failure (Get-Failure { Get-ExportReceipt $damaged }) InvalidReceipt Get-ExportReceipt InvalidData $damaged
        Assert-Failure (Get-Failure { $job | Save-ExportFiles -Path $damaged }) InvalidReceipt Save-ExportFiles InvalidData "$job"
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'no folder for Get-ExportReceipt: MissingPath' {
        Assert-Failure (Get-Failure { Get-ExportReceipt }) MissingPath Get-ExportReceipt InvalidArgument 'Path'
    }
}
