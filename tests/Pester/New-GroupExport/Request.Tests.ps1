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

Describe 'New-GroupExport sends every parameter:' {
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
        Get-SentField $sandbox $Field | Should -BeExactly $Sent
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
        Get-SentField $sandbox Meta.Test | Should -BeExactly $false
    }

    It 'and nothing that was not given' {
        $before = [datetime]::UtcNow.AddSeconds(-1)
        New-GroupExport -GroupId $all | Out-Null
        $request = Get-KickOff $sandbox
        $document = [Text.Json.JsonDocument]::Parse($request.Body)
        $document.RootElement.EnumerateObject().Name | Should -Be 'Meta', 'id'
        $document.RootElement.GetProperty('Meta').EnumerateObject().Name | Should -Be 'DataModel', 'EventType', 'EventDateTime', 'Destinations'
        Get-SentField $sandbox Meta.DataModel | Should -BeExactly 'FHIR Bulk Data Access'
        Get-SentField $sandbox Meta.EventType | Should -BeExactly 'group-export'
        Get-SentField $sandbox Meta.Destinations | Should -BeExactly '[{"Name":"redox-fhir-sandbox"}]'
        $sentAt = Get-SentField $sandbox Meta.EventDateTime
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

Describe 'New-GroupExport sends to a FHIR server' {
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

Describe 'New-GroupExport -Lenient' {
    It 'says so in its Prefer header, and no other does' {
        $sandbox.ClearRequests()
        $null = New-GroupExport -GroupId $all -Lenient
        $null = New-GroupExport -GroupId $all -Lenient:$false
        (Get-KickOff $sandbox).ForEach{ $_.Headers['Prefer'] } | Should -BeExactly 'respond-async, handling=lenient', 'respond-async'
    }
}

Describe 'New-GroupExport to a server that is not there' {
    It 'is ServerUnreachable, and no export was started' {
        $gone = Start-TestSandbox
        $gone | Stop-ExportSandbox
        $gone | Connect-GroupExport | Out-Null
        $failure = Get-Failure { New-GroupExport -KickOffTimeout 0 -GroupId $gone.GroupId }
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId ServerUnreachable New-GroupExport)
        $failure.CategoryInfo.Category | Should -Be 'ConnectionError'
        $failure.TargetObject | Should -BeLike "$($gone.BaseUri)*"
        $failure.ErrorDetails.Message | Should -Match 'No export was started'
        Disconnect-GroupExport
    }
}
