BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    $sandbox = Start-TestSandbox -PatientCount 10
    $connection = $sandbox | Connect-GroupExport
    $all = $sandbox.GroupId
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
}

Describe 'New-GroupExport takes from the pipeline, by value,' {
    BeforeEach {
        $sandbox.ClearRequests()
    }

    It 'patients and types, mixed' {
        $job = 'Patient/patient-0001', 'Observation', 'Patient/patient-0002', 'Patient' | New-GroupExport -GroupId $all
        Get-SentField $sandbox patient | Should -BeExactly 'Patient/patient-0001,Patient/patient-0002'
        Get-SentField $sandbox _type | Should -BeExactly 'Observation,Patient'
        $job.PatientCount | Should -Be 2
        $job.Types | Should -Be 'Observation', 'Patient'
    }

    It 'types in any case, spelled right when sent' {
        'patient', 'OBSERVATION', 'allergyintolerance' | New-GroupExport -GroupId $all | Out-Null
        Get-SentField $sandbox _type | Should -BeExactly 'Patient,Observation,AllergyIntolerance'
        Get-SentField $sandbox patient | Should -BeNullOrEmpty
    }

    It 'each patient and each type once, in the order they came' {
        'Patient/patient-0002', 'Observation', 'Patient/patient-0001', 'observation', 'Patient/patient-0002' | New-GroupExport -GroupId $all | Out-Null
        Get-SentField $sandbox patient | Should -BeExactly 'Patient/patient-0002,Patient/patient-0001'
        Get-SentField $sandbox _type | Should -BeExactly 'Observation'
    }

    It 'absolute URLs below the server, as the patients they are' {
        "$($connection.Server)Patient/patient-0003", 'Patient/patient-0003' | New-GroupExport -GroupId $all | Out-Null
        Get-SentField $sandbox patient | Should -BeExactly 'Patient/patient-0003'
    }

    It 'absolute URLs elsewhere, as they are' {
        # The sandbox knows no such patient; what counts is what it was asked.
        $failure = Get-Failure { 'https://fhir.example.org/r4/Patient/7' | New-GroupExport -GroupId $all }
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId KickOffRejected New-GroupExport)
        Get-SentField $sandbox patient | Should -BeExactly 'https://fhir.example.org/r4/Patient/7'
    }

    It 'lists of them' {
        New-GroupExport -GroupId $all -Type patient, Observation -Patient Patient/patient-0001, patient-0002 | Out-Null
        Get-SentField $sandbox patient | Should -BeExactly 'Patient/patient-0001,Patient/patient-0002'
        Get-SentField $sandbox _type | Should -BeExactly 'Patient,Observation'
    }

    It 'and adds what the parameters name' {
        'Patient/patient-0002' | New-GroupExport -GroupId $all -Patient Patient/patient-0001 -Type Condition | Out-Null
        Get-SentField $sandbox patient | Should -BeExactly 'Patient/patient-0001,Patient/patient-0002'
        Get-SentField $sandbox _type | Should -BeExactly 'Condition'
    }
}

Describe 'New-GroupExport takes from the pipeline, by property name,' {
    BeforeEach {
        $sandbox.ClearRequests()
    }

    It 'rows of Import-Csv with the column <Column>' -ForEach @(
        @{ Column = 'Patient'; First = 'Patient/patient-0001' }
        @{ Column = 'PatientId'; First = 'patient-0001' }
        @{ Column = 'patientid'; First = 'Patient/patient-0001' }
        @{ Column = 'PATIENT'; First = 'patient-0001' }
    ) {
        $csv = Join-Path $TestDrive 'cohort.csv'
        "$Column", $First, 'Patient/patient-0002' | Set-Content $csv
        Import-Csv $csv | New-GroupExport -GroupId $all -Type Patient | Out-Null
        Get-SentField $sandbox patient | Should -BeExactly 'Patient/patient-0001,Patient/patient-0002'
    }

    It 'and nothing of stray columns' {
        $csv = Join-Path $TestDrive 'stray.csv'
        @(
            'Patient,id,Test,Method,Source,Since,Connection,Destination,OutputFormat,Element'
            'Patient/patient-0001,asthma-2026,true,Get,somebody,yesterday,none,nowhere,csv,name'
        ) | Set-Content $csv
        Import-Csv $csv | New-GroupExport -GroupId $all | Out-Null
        $request = Get-KickOff $sandbox
        $request.Method | Should -Be 'POST'
        Get-SentField $sandbox id | Should -BeExactly $all
        Get-SentField $sandbox patient | Should -BeExactly 'Patient/patient-0001'
        foreach ($name in 'Meta.Test', 'Meta.Source', '_since', '_outputFormat', '_elements') {
            Get-BodyField $request.Body $name | Should -BeNullOrEmpty -Because "$name is of the row, not of the request"
        }
    }

    It '<Name>' -ForEach @(
        @{ Name = 'objects made of hashtables'; Rows = { [pscustomobject] @{ PatientId = 'patient-0001'; Type = 'Observation' } } }
        @{ Name = 'hashtables'; Rows = { @{ PatientId = 'patient-0001'; Type = 'Observation' } } }
        @{ Name = 'ordered hashtables'; Rows = { [ordered] @{ Type = 'observation'; Patient = 'Patient/patient-0001' } } }
        @{ Name = 'rows with lists'; Rows = { [pscustomobject] @{ Patient = @('Patient/patient-0001'); Type = @('Observation', 'observation') } } }
    ) {
        & $Rows | New-GroupExport -GroupId $all | Out-Null
        Get-SentField $sandbox patient | Should -BeExactly 'Patient/patient-0001'
        Get-SentField $sandbox _type | Should -BeExactly 'Observation'
    }

    It 'but leaves the column Type aside where -Type is given' {
        [pscustomobject] @{ Patient = 'patient-0001'; Type = 'inpatient' } | New-GroupExport -GroupId $all -Type Condition | Out-Null
        Get-SentField $sandbox _type | Should -BeExactly 'Condition'
    }
}

Describe 'New-GroupExport takes FHIR resources' {
    BeforeEach {
        $sandbox.ClearRequests()
    }

    BeforeAll {
        $json = '{"resourceType":"Patient","id":"patient-0004","active":true,"name":[{"family":"A"}],"generalPractitioner":[{"reference":"Practitioner/1","type":"Practitioner"}]}'
    }

    It 'read by ConvertFrom-Json<Switch>' -ForEach @(
        @{ Switch = ''; With = @{} }
        @{ Switch = ' -AsHashtable'; With = @{ AsHashtable = $true } }
    ) {
        $json | ConvertFrom-Json @With | New-GroupExport -GroupId $all | Out-Null
        Get-SentField $sandbox patient | Should -BeExactly 'Patient/patient-0004'
        Get-SentField $sandbox id | Should -BeExactly $all
    }

    It 'that an export saved, line by line' {
        New-GroupExport -GroupId $all -Type Patient | Save-ExportFiles -Path (Join-Path $TestDrive 'patients') | Out-Null
        $sandbox.ClearRequests()
        Get-Content (Join-Path $TestDrive 'patients' 'Patient.0001.ndjson') | ConvertFrom-Json | Select-Object -First 3 |
            New-GroupExport -GroupId $all | Out-Null
        Get-SentField $sandbox patient | Should -BeExactly 'Patient/patient-0001,Patient/patient-0002,Patient/patient-0003'
    }

    It 'as -Patient' {
        New-GroupExport -GroupId $all -Patient ($json | ConvertFrom-Json), Patient/patient-0005 | Out-Null
        Get-SentField $sandbox patient | Should -BeExactly 'Patient/patient-0004,Patient/patient-0005'
    }

    It 'and refuses resources of another type' {
        $failure = Get-Failure { '{"resourceType":"Observation","id":"patient-0001"}' | ConvertFrom-Json | New-GroupExport -GroupId $all }
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId UnknownInput New-GroupExport)
        $sandbox.Requests | Should -BeNullOrEmpty
    }
}

Describe 'New-GroupExport takes groups from the pipeline' {
    BeforeEach {
        $sandbox.ClearRequests()
    }

    It 'and kicks each off once, in order of first appearance, with its own patients' {
        $jobs = @(
            [pscustomobject] @{ GroupId = 'hypertension-2026'; Patient = 'Patient/patient-0001' }
            [pscustomobject] @{ GroupId = 'asthma-2026'; Patient = 'Patient/patient-0008' }
            [pscustomobject] @{ GroupId = 'hypertension-2026'; Patient = 'Patient/patient-0004' }
            [pscustomobject] @{ GroupId = 'Group/asthma-2026'; Patient = 'Patient/patient-0001' }
        ) | New-GroupExport -Type Patient
        $jobs.GroupId | Should -Be 'hypertension-2026', 'asthma-2026'
        $jobs.PatientCount | Should -Be 2, 2
        $kickOffs = Get-KickOff $sandbox
        $kickOffs | Should -HaveCount 2
        $kickOffs | ForEach-Object { Get-BodyField $_.Body id } | Should -Be 'hypertension-2026', 'asthma-2026'
        $kickOffs | ForEach-Object { Get-BodyField $_.Body patient } | Should -Be 'Patient/patient-0001,Patient/patient-0004', 'Patient/patient-0008,Patient/patient-0001'
    }

    It 'and gives each row''s types to its own group' {
        @{ GroupId = 'asthma-2026'; Type = 'Patient' }, @{ GroupId = $all; Type = 'Condition' } | New-GroupExport | Out-Null
        Get-KickOff $sandbox | ForEach-Object { Get-BodyField $_.Body _type } | Should -Be 'Patient', 'Condition'
    }

    It 'from -GroupId too, several' {
        $jobs = New-GroupExport -GroupId asthma-2026, Group/hypertension-2026, asthma-2026 -Type Patient
        $jobs.GroupId | Should -Be 'asthma-2026', 'hypertension-2026'
        Get-KickOff $sandbox | ForEach-Object Path | ForEach-Object { $_.Split('/')[-2] } | Should -Be 'asthma-2026', 'hypertension-2026'
    }

    It 'as Group/x, sent as x' {
        New-GroupExport Group/asthma-2026 -Type Patient | Out-Null
        Get-SentField $sandbox id | Should -BeExactly 'asthma-2026'
        (Get-KickOff $sandbox).Path | Should -BeLike '*/Group/asthma-2026/$export'
    }

    It 'and refuses a row of another group than -GroupId' {
        $failure = Get-Failure { [pscustomobject] @{ GroupId = 'asthma-2026'; Patient = 'patient-0001' } | New-GroupExport -GroupId $all }
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId GroupConflict New-GroupExport)
        $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $sandbox.Requests | Should -BeNullOrEmpty
    }
}

Describe 'New-GroupExport with many patients' {
    BeforeEach {
        $sandbox.ClearRequests()
    }

    It 'go out in one request, all of them' {
        $many = Start-TestSandbox -PatientCount 500
        try {
            $connection = $many | Connect-GroupExport
            $job = 1..500 | ForEach-Object { [pscustomobject] @{ PatientId = 'patient-{0:0000}' -f $_ } } | New-GroupExport -Connection $connection -GroupId $many.GroupId -Type Patient
            $job.PatientCount | Should -Be 500
            (Get-BodyField (Get-KickOff $many).Body patient).Split(',') | Should -HaveCount 500
            ($job | Get-ExportStatus -Wait).ResourceCount | Should -Be 500
        }
        finally {
            $many | Stop-ExportSandbox
            $connection = $sandbox | Connect-GroupExport
        }
    }
}
