# Every item of bad input: an error record with an id, category and target of its own, and a sentence on what to do, before anything is sent.

BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    $sandbox = Start-TestSandbox
    $sandbox | Connect-GroupExport | Out-Null
    $all = $sandbox.GroupId
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
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

Describe 'New-GroupExport -OutputFormat' {
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
