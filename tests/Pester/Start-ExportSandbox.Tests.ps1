BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
}

Describe 'Start-ExportSandbox' {
    AfterEach {
        $sandbox | Stop-ExportSandbox
    }

    It 'tells all that a script needs' {
        $sandbox = Start-ExportSandbox
        $sandbox.BaseUri.IsLoopback | Should -BeTrue
        $sandbox.FhirBaseUri.AbsoluteUri | Should -BeLike "$($sandbox.BaseUri)*"
        $sandbox.DestinationSlug | Should -Be 'redox-fhir-sandbox'
        $sandbox.EnvironmentFlag | Should -Be 'Development'
        $sandbox.GroupId | Should -Be 'diabetes-2026'
        $sandbox.PatientCount | Should -Be 20
        $sandbox.IsRunning | Should -BeTrue
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'serves several at once, each on its own port' {
        $sandbox = @(1..4 | ForEach-Object { Start-TestSandbox -PatientCount $_ })
        $sandbox.BaseUri.Port | Sort-Object -Unique | Should -HaveCount 4
        foreach ($one in $sandbox) {
            $connection = $one | Connect-GroupExport
            (New-GroupExport -Connection $connection -GroupId $one.GroupId -Type Patient | Get-ExportStatus -Wait).ResourceCount | Should -Be $one.PatientCount
        }

        $sandbox.Requests | Where-Object Path -Like '*$export' | Should -HaveCount 4
        Disconnect-GroupExport
    }

    It 'makes up the same data for the same seed, and other data for another' {
        $sandbox = @(7, 7, 8 | ForEach-Object { Start-TestSandbox -PatientCount 3 -With @{ Seed = $_ } })
        $hashes = foreach ($one in $sandbox) {
            $connection = $one | Connect-GroupExport
            (New-GroupExport -GroupId $one.GroupId -Type Patient | Save-ExportFiles -Path (Join-Path $TestDrive "seed-$([guid]::NewGuid())")).Sha256
        }
        $hashes[0] | Should -Be $hashes[1]
        $hashes[0] | Should -Not -Be $hashes[2]
        Disconnect-GroupExport
    }

    It 'takes -PatientCount 0' {
        $sandbox = Start-ExportSandbox -PatientCount 0
        $sandbox.PatientCount | Should -Be 0
    }

    It 'takes a name for its group' {
        $sandbox = Start-TestSandbox -With @{ GroupId = 'my-group' }
        $connection = $sandbox | Connect-GroupExport
        (New-GroupExport my-group -Type Patient).GroupId | Should -Be 'my-group'
        Disconnect-GroupExport
    }

    It 'remembers what arrived: time, method, path, query, headers and body' {
        $sandbox = Start-TestSandbox
        $connection = $sandbox | Connect-GroupExport
        New-GroupExport -GroupId $sandbox.GroupId -Method Get -Type Patient | Out-Null
        $request = $sandbox.Requests[0]
        $request.Time.Kind | Should -Be 'Utc'
        $request.Method | Should -Be 'GET'
        $request.Path | Should -BeLike '/fhir/R4/*/$export'
        $request.Query | Should -Be '_type=Patient'
        $request.Headers['accept'] | Should -Be 'application/fhir+json'
        $request.Body | Should -Match '^\{"Meta":'
        $sandbox.ClearRequests()
        $sandbox.Requests | Should -BeNullOrEmpty
        Disconnect-GroupExport
    }

    It 'refuses what Redox would refuse, and says why' {
        $sandbox = Start-TestSandbox
        $uri = "$($sandbox.BaseUri)fhir/R4/redox-fhir-sandbox/Development/Group/diabetes-2026/`$export"
        $answer = Invoke-WebRequest $uri -Method Post -ContentType application/json -Headers @{ Accept = 'application/fhir+json'; Prefer = 'respond-async' } -SkipHttpErrorCheck `
            -Body '{"Meta":{"DataModel":"FHIR Bulk Data Access","EventType":"group-export","Destinations":[]},"id":"diabetes-2026","colour":"red"}'
        $answer.StatusCode | Should -Be 400
        $outcome = [Text.Encoding]::UTF8.GetString($answer.RawContentStream.ToArray()) | ConvertFrom-Json
        $outcome.resourceType | Should -Be 'OperationOutcome'
        ($outcome.issue.diagnostics -join ' ') + ($outcome.issue.details.text -join ' ') | Should -Match 'colour'
        ($outcome.issue.diagnostics -join ' ') + ($outcome.issue.details.text -join ' ') | Should -Match 'Destinations'
    }
}

Describe 'Start-ExportSandbox fails with SandboxFailed' {
    It 'for <Name>' -ForEach @(
        @{ Name = 'a data folder that is not there'; With = { @{ DataPath = Join-Path $TestDrive 'not-there' } } }
        @{ Name = 'a data folder without data'; With = { @{ DataPath = (New-Item -ItemType Directory -Force (Join-Path $TestDrive 'no-data')).FullName } } }
        @{ Name = 'a data file that is no NDJSON'; With = {
            $broken = (New-Item -ItemType Directory -Force (Join-Path $TestDrive 'broken')).FullName
            'no json' | Set-Content (Join-Path $broken 'Patient.ndjson')
            @{ DataPath = $broken }
        } }
        @{ Name = 'a negative -PatientCount'; With = { @{ PatientCount = -1 } } }
        @{ Name = 'a group that is no id'; With = { @{ GroupId = 'a/b' } } }
    ) {
        $arguments = & $With
        $failure = Get-Failure { Start-ExportSandbox @arguments }
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId SandboxFailed Start-ExportSandbox)
        $failure.CategoryInfo.Category | Should -Be 'ResourceUnavailable'
        $failure.TargetObject | Should -Be ($arguments.DataPath ?? 'Start-ExportSandbox')
        $failure.ErrorDetails.Message | Should -Match '\.$'
    }

    It 'for a data folder that is a file: InvalidPath' {
        $file = Join-Path $TestDrive 'a-file'
        'x' | Set-Content $file
        (Get-Failure { Start-ExportSandbox -DataPath $file }).FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId InvalidPath Start-ExportSandbox)
    }
}
