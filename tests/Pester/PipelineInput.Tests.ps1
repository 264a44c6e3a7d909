BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $sandbox = Start-TestSandbox -PatientCount 10
    $connection = $sandbox | Connect-GroupExport
    $all = $sandbox.GroupId

    # What the one kick-off that arrived asks for.
    function Get-Sent {
        param([string] $Name)
        $kickOffs = @(Get-KickOff $sandbox)
        $kickOffs | Should -HaveCount 1
        Get-BodyField $kickOffs[0].Body $Name
    }
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
        Get-Sent patient | Should -BeExactly 'Patient/patient-0001,Patient/patient-0002'
        Get-Sent _type | Should -BeExactly 'Observation,Patient'
        $job.PatientCount | Should -Be 2
        $job.Types | Should -Be 'Observation', 'Patient'
    }

    It 'types in any case, spelled right when sent' {
        'patient', 'OBSERVATION', 'allergyintolerance' | New-GroupExport -GroupId $all | Out-Null
        Get-Sent _type | Should -BeExactly 'Patient,Observation,AllergyIntolerance'
        Get-Sent patient | Should -BeNullOrEmpty
    }

    It 'each patient and each type once, in the order they came' {
        'Patient/patient-0002', 'Observation', 'Patient/patient-0001', 'observation', 'Patient/patient-0002' | New-GroupExport -GroupId $all | Out-Null
        Get-Sent patient | Should -BeExactly 'Patient/patient-0002,Patient/patient-0001'
        Get-Sent _type | Should -BeExactly 'Observation'
    }

    It 'absolute URLs below the server, as the patients they are' {
        "$($connection.Server)Patient/patient-0003", 'Patient/patient-0003' | New-GroupExport -GroupId $all | Out-Null
        Get-Sent patient | Should -BeExactly 'Patient/patient-0003'
    }

    It 'absolute URLs elsewhere, as they are' {
        # The sandbox knows no such patient; what counts is what it was asked.
        $failure = Get-Failure { 'https://fhir.example.org/r4/Patient/7' | New-GroupExport -GroupId $all }
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId KickOffRejected New-GroupExport)
        Get-Sent patient | Should -BeExactly 'https://fhir.example.org/r4/Patient/7'
    }

    It 'lists of them' {
        New-GroupExport -GroupId $all -Type patient, Observation -Patient Patient/patient-0001, patient-0002 | Out-Null
        Get-Sent patient | Should -BeExactly 'Patient/patient-0001,Patient/patient-0002'
        Get-Sent _type | Should -BeExactly 'Patient,Observation'
    }

    It 'and adds what the parameters name' {
        'Patient/patient-0002' | New-GroupExport -GroupId $all -Patient Patient/patient-0001 -Type Condition | Out-Null
        Get-Sent patient | Should -BeExactly 'Patient/patient-0001,Patient/patient-0002'
        Get-Sent _type | Should -BeExactly 'Condition'
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
        Get-Sent patient | Should -BeExactly 'Patient/patient-0001,Patient/patient-0002'
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
        Get-Sent id | Should -BeExactly $all
        Get-Sent patient | Should -BeExactly 'Patient/patient-0001'
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
        Get-Sent patient | Should -BeExactly 'Patient/patient-0001'
        Get-Sent _type | Should -BeExactly 'Observation'
    }

    It 'but leaves the column Type aside where -Type is given' {
        [pscustomobject] @{ Patient = 'patient-0001'; Type = 'inpatient' } | New-GroupExport -GroupId $all -Type Condition | Out-Null
        Get-Sent _type | Should -BeExactly 'Condition'
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
        Get-Sent patient | Should -BeExactly 'Patient/patient-0004'
        Get-Sent id | Should -BeExactly $all
    }

    It 'that an export saved, line by line' {
        New-GroupExport -GroupId $all -Type Patient | Save-ExportFiles -Path (Join-Path $TestDrive 'patients') | Out-Null
        $sandbox.ClearRequests()
        Get-Content (Join-Path $TestDrive 'patients' 'Patient.0001.ndjson') | ConvertFrom-Json | Select-Object -First 3 |
            New-GroupExport -GroupId $all | Out-Null
        Get-Sent patient | Should -BeExactly 'Patient/patient-0001,Patient/patient-0002,Patient/patient-0003'
    }

    It 'as -Patient' {
        New-GroupExport -GroupId $all -Patient ($json | ConvertFrom-Json), Patient/patient-0005 | Out-Null
        Get-Sent patient | Should -BeExactly 'Patient/patient-0004,Patient/patient-0005'
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
        Get-Sent id | Should -BeExactly 'asthma-2026'
        (Get-KickOff $sandbox).Path | Should -BeLike '*/Group/asthma-2026/$export'
    }

    It 'and refuses a row of another group than -GroupId' {
        $failure = Get-Failure { [pscustomobject] @{ GroupId = 'asthma-2026'; Patient = 'patient-0001' } | New-GroupExport -GroupId $all }
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId GroupConflict New-GroupExport)
        $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $sandbox.Requests | Should -BeNullOrEmpty
    }
}

Describe 'Every parameter of New-GroupExport arrives' {
    BeforeEach {
        $sandbox.ClearRequests()
    }

    It '-<Parameter> as <Field>' -ForEach @(
        @{ Parameter = 'Type'; Value = @('Patient', 'Observation'); Field = '_type'; Sent = 'Patient,Observation' }
        @{ Parameter = 'Since'; Value = '2026-01-01T00:00:00.000+01:00'; Field = '_since'; Sent = '2026-01-01T00:00:00.000+01:00' }
        @{ Parameter = 'Since'; Value = [datetimeoffset]::new(2026, 1, 1, 1, 0, 0, [timespan]::FromHours(1)); Field = '_since'; Sent = '2026-01-01T00:00:00Z' }
        @{ Parameter = 'Since'; Value = [datetime]::new(2026, 1, 1, 2, 3, 4, 5, [DateTimeKind]::Utc); Field = '_since'; Sent = '2026-01-01T02:03:04.005Z' }
        @{ Parameter = 'Until'; Value = '2026-11-01T00:00:00Z'; Field = '_until'; Sent = '2026-11-01T00:00:00Z' }
        @{ Parameter = 'TypeFilter'; Value = @('Observation?status=final', 'Condition?category=problem-list-item'); Field = '_typeFilter'; Sent = 'Observation?status=final,Condition?category=problem-list-item' }
        @{ Parameter = 'Element'; Value = @('Patient.name', 'id'); Field = '_elements'; Sent = 'Patient.name,id' }
        @{ Parameter = 'IncludeAssociatedData'; Value = 'LatestProvenanceResources'; Field = 'includeAssociatedData'; Sent = 'LatestProvenanceResources' }
        @{ Parameter = 'OutputFormat'; Value = 'application/fhir+ndjson'; Field = '_outputFormat'; Sent = 'application/fhir+ndjson' }
        @{ Parameter = 'OrganizeOutputBy'; Value = 'patient'; Field = 'organizeOutputBy'; Sent = 'Patient' }
        @{ Parameter = 'AllowPartialManifests'; Value = $true; Field = 'allowPartialManifests'; Sent = $true }
        @{ Parameter = 'AllowPartialManifests'; Value = $false; Field = 'allowPartialManifests'; Sent = $false }
        @{ Parameter = 'Test'; Value = $true; Field = 'Meta.Test'; Sent = $true }
        @{ Parameter = 'Test'; Value = $false; Field = 'Meta.Test'; Sent = $false }
        @{ Parameter = 'Source'; Value = @{ ID = '7ce6f387-c33c-417d-8682-81e83628cbd9'; Name = 'S' }; Field = 'Meta.Source'; Sent = '{"ID":"7ce6f387-c33c-417d-8682-81e83628cbd9","Name":"S"}' }
        @{ Parameter = 'Destination'; Value = @(@{ Name = 'A' }, @{ ID = 'af394f14-b34a-464f-8d24-895f370af4c9' }); Field = 'Meta.Destinations'; Sent = '[{"Name":"A"},{"ID":"af394f14-b34a-464f-8d24-895f370af4c9"}]' }
        @{ Parameter = 'Log'; Value = @{ ID = 'd9f5d293-7110-461e-a875-3beb089e79f3'; AttemptID = '925d1617-2fe0-468c-a14c-f8c04b572c54' }; Field = 'Meta.Logs'; Sent = '[{"ID":"d9f5d293-7110-461e-a875-3beb089e79f3","AttemptID":"925d1617-2fe0-468c-a14c-f8c04b572c54"}]' }
        @{ Parameter = 'FacilityCode'; Value = 'F 1'; Field = 'Meta.FacilityCode'; Sent = 'F 1' }
        @{ Parameter = 'EventDateTime'; Value = '2026-11-23T08:30:00Z'; Field = 'Meta.EventDateTime'; Sent = '2026-11-23T08:30:00Z' }
    ) {
        $with = @{ $Parameter = $Value }
        # The sandbox does not organize its output; it is asked all the same.
        New-GroupExport -GroupId $all @with -ErrorAction Ignore | Out-Null
        Get-Sent $Field | Should -BeExactly $Sent
    }

    It 'by FHIR''s own names' {
        New-GroupExport -GroupId $all -_type Patient -_since 2026-01-01T00:00:00Z -_until 2026-02-01T00:00:00Z -_typeFilter 'Patient?gender=female' `
            -_elements id -_outputFormat ndjson | Out-Null
        $body = (Get-KickOff $sandbox).Body
        Get-BodyField $body _type | Should -BeExactly 'Patient'
        Get-BodyField $body _since | Should -BeExactly '2026-01-01T00:00:00Z'
        Get-BodyField $body _until | Should -BeExactly '2026-02-01T00:00:00Z'
        Get-BodyField $body _typeFilter | Should -BeExactly 'Patient?gender=female'
        Get-BodyField $body _elements | Should -BeExactly 'id'
        Get-BodyField $body _outputFormat | Should -BeExactly 'ndjson'
    }

    It '-Test:$false, false, as it is written on the line' {
        New-GroupExport -GroupId $all -Test:$false | Out-Null
        Get-Sent Meta.Test | Should -BeExactly $false
    }

    It 'and nothing that was not given' {
        $before = [datetime]::UtcNow.AddSeconds(-1)
        New-GroupExport -GroupId $all | Out-Null
        $request = Get-KickOff $sandbox
        $document = [Text.Json.JsonDocument]::Parse($request.Body)
        $document.RootElement.EnumerateObject().Name | Should -Be 'Meta', 'id'
        $document.RootElement.GetProperty('Meta').EnumerateObject().Name | Should -Be 'DataModel', 'EventType', 'EventDateTime', 'Destinations'
        Get-Sent Meta.DataModel | Should -BeExactly 'FHIR Bulk Data Access'
        Get-Sent Meta.EventType | Should -BeExactly 'group-export'
        Get-Sent Meta.Destinations | Should -BeExactly '[{"Name":"redox-fhir-sandbox"}]'
        $sentAt = Get-Sent Meta.EventDateTime
        $sentAt | Should -Match 'Z$'
        [datetimeoffset]::Parse($sentAt).UtcDateTime | Should -BeGreaterThan $before
    }

    It 'with the headers of a kick-off' {
        New-GroupExport -GroupId $all | Out-Null
        $headers = (Get-KickOff $sandbox).Headers
        $headers['Accept'] | Should -BeExactly 'application/fhir+json'
        $headers['Prefer'] | Should -BeExactly 'respond-async'
        $headers['Cache-Control'] | Should -BeExactly 'no-cache'
        $headers['Content-Type'] | Should -BeExactly 'application/json'
    }

    It 'with -Method Get in body and query' {
        New-GroupExport -GroupId $all -Method Get -Type Patient, Observation -Since 2026-01-01T00:00:00+01:00 | Out-Null
        $request = Get-KickOff $sandbox
        $request.Method | Should -Be 'GET'
        $request.Path | Should -BeExactly "/fhir/R4/redox-fhir-sandbox/Development/Group/$all/`$export"
        $request.Query | Should -BeExactly '_since=2026-01-01T00%3A00%3A00%2B01%3A00&_type=Patient,Observation'
        Get-BodyField $request.Body _type | Should -BeExactly 'Patient,Observation'
    }
}

Describe 'A FHIR server gets its own styles' {
    BeforeEach {
        $sandbox.ClearRequests()
    }

    AfterAll {
        $sandbox | Connect-GroupExport | Out-Null
    }

    It 'a query, with -RequestStyle FhirQuery' {
        $fhir = $sandbox | Connect-GroupExport -RequestStyle FhirQuery
        New-GroupExport -Connection $fhir -GroupId $all -Type Patient, Observation -OutputFormat application/fhir+ndjson -TypeFilter 'Patient?gender=female', 'Observation?status=final' | Out-Null
        $request = Get-KickOff $sandbox
        $request.Method | Should -Be 'GET'
        $request.Path | Should -BeExactly "/fhir/Group/$all/`$export"
        $request.Query | Should -BeExactly '_outputFormat=application%2Ffhir%2Bndjson&_type=Patient,Observation&_typeFilter=Patient%3Fgender%3Dfemale&_typeFilter=Observation%3Fstatus%3Dfinal'
        $request.Body | Should -BeExactly ''
    }

    It 'a Parameters resource, when there are patients' {
        $fhir = Connect-GroupExport -FhirBaseUri $sandbox.FhirBaseUri
        'Patient/patient-0001', 'Patient/patient-0002', 'Patient' | New-GroupExport -Connection $fhir -GroupId $all | Out-Null
        $request = Get-KickOff $sandbox
        $request.Method | Should -Be 'POST'
        $request.Headers['Content-Type'] | Should -BeExactly 'application/fhir+json'
        Get-BodyField $request.Body resourceType | Should -BeExactly 'Parameters'
        ($request.Body | ConvertFrom-Json).parameter.Where{ $_.name -eq 'patient' }.valueReference.reference | Should -Be 'Patient/patient-0001', 'Patient/patient-0002'
    }

    It 'and no part of the Redox envelope, with a warning' {
        $fhir = Connect-GroupExport -FhirBaseUri $sandbox.FhirBaseUri
        New-GroupExport -Connection $fhir -GroupId $all -Type Patient -Test -FacilityCode F -WarningVariable warnings -WarningAction SilentlyContinue | Out-Null
        $warnings | Should -HaveCount 1
        $warnings[0].Message | Should -Match 'Test, FacilityCode'
        (Get-KickOff $sandbox).Query | Should -BeExactly '_type=Patient'
    }
}

Describe 'Many patients' {
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
