# Which version of Bulk Data Access requests are written for: what the server says of itself, asked once, or what the user says.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $sandbox = Start-TestSandbox
    $all = $sandbox.GroupId

    function Get-Question { $sandbox.Requests | Where-Object Path -Like '*/metadata' }
}

AfterAll {
    $sandbox | Stop-ExportSandbox
}

Describe 'A FHIR base' {
    BeforeEach {
        $sandbox.ClearRequests()
    }

    AfterEach {
        Disconnect-GroupExport
    }

    It 'is asked once, at the first kick-off, and -Verbose tells what it said' {
        $connection = Connect-GroupExport -FhirBaseUri $sandbox.FhirBaseUri
        $connection.SpecVersion | Should -BeNullOrEmpty
        $verbose = New-GroupExport -GroupId $all -Type Patient -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
        New-GroupExport -GroupId $all | Out-Null
        Get-Question | Should -HaveCount 1
        Get-KickOff $sandbox | Should -HaveCount 2
        "$verbose" | Should -BeLike '*written for version 2*'
        $connection.SpecVersion | Should -Be 2
        ($connection | ConvertTo-Json | ConvertFrom-Json).SpecVersion | Should -Be 2
    }

    It 'is not asked by -WhatIf' {
        Connect-GroupExport -FhirBaseUri $sandbox.FhirBaseUri | Out-Null
        New-GroupExport -GroupId $all -WhatIf
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'gets repeats in a POST, and no commas, with -SpecVersion 4' {
        Connect-GroupExport -FhirBaseUri $sandbox.FhirBaseUri -SpecVersion 4 | Out-Null
        $status = New-GroupExport -GroupId $all -Type Patient, Observation | Get-ExportStatus -Wait
        $status.State | Should -Be 'Complete'
        $request = Get-KickOff $sandbox
        $request.Method | Should -Be 'POST'
        $request.Body | Should -BeExactly '{"resourceType":"Parameters","parameter":[{"name":"_type","valueString":"Patient"},{"name":"_type","valueString":"Observation"}]}'
    }

    It 'gets a comma list in a GET, and no question, with -SpecVersion 3' {
        Connect-GroupExport -FhirBaseUri $sandbox.FhirBaseUri -SpecVersion 3 | Out-Null
        New-GroupExport -GroupId $all -Type Patient, Observation | Out-Null
        $request = Get-KickOff $sandbox
        $request.Method | Should -Be 'GET'
        $request.Query | Should -BeExactly '_type=Patient,Observation'
        Get-Question | Should -BeNullOrEmpty
    }
}
