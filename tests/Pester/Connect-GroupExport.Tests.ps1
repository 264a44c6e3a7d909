BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $sandbox = Start-TestSandbox
    $all = $sandbox.GroupId

    function Get-Question { $sandbox.Requests | Where-Object Path -Like '*/metadata' }
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
}

Describe 'Connect-GroupExport' {
    BeforeEach {
        $sandbox.ClearRequests()
    }

    AfterEach {
        Disconnect-GroupExport
    }

    It 'takes a sandbox from the pipeline, and sends nothing' {
        $connection = $sandbox | Connect-GroupExport
        $connection.Server | Should -BeExactly "$($sandbox.BaseUri)fhir/R4/redox-fhir-sandbox/Development/"
        $connection.DestinationSlug | Should -Be 'redox-fhir-sandbox'
        $connection.EnvironmentFlag | Should -Be 'Development'
        $connection.RequestStyle | Should -Be 'Redox'
        $connection.Authorization | Should -Be 'None'
        $connection.IsOpen | Should -BeTrue
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'takes slug and environment, for Redox in <Region>' -ForEach @(
        @{ Region = 'US'; Server = 'https://api.redoxengine.com/fhir/R4/my-slug/Production/' }
        @{ Region = 'Canada'; Server = 'https://api.ca.redoxengine.com/fhir/R4/my-slug/Production/' }
    ) {
        (Connect-GroupExport my-slug Production -Region $Region).Server | Should -BeExactly $Server
    }

    It 'takes the base of a FHIR server' {
        $connection = Connect-GroupExport -FhirBaseUri $sandbox.FhirBaseUri
        $connection.Server | Should -BeExactly "$($sandbox.FhirBaseUri)/"
        $connection.RequestStyle | Should -Be 'Fhir'
        $connection.DestinationSlug | Should -BeNullOrEmpty
        (New-GroupExport -GroupId $sandbox.GroupId -Type Patient | Get-ExportStatus -Wait).ResourceCount | Should -Be 5
    }

    It 'sends Source and Destination of the connection with every request, unless the request has its own' {
        $source = @{ ID = '7ce6f387-c33c-417d-8682-81e83628cbd9'; Name = 'mine' }
        $sandbox | Connect-GroupExport -Source $source -Destination @{ Name = 'theirs' } | Out-Null
        New-GroupExport -GroupId $sandbox.GroupId | Out-Null
        New-GroupExport -GroupId $sandbox.GroupId -Source @{ Name = 'other' } -Destination @{ Name = 'one' }, @{ Name = 'two' } | Out-Null
        $sent = Get-KickOff $sandbox
        Get-BodyField $sent[0].Body Meta.Source | Should -BeExactly '{"ID":"7ce6f387-c33c-417d-8682-81e83628cbd9","Name":"mine"}'
        Get-BodyField $sent[0].Body Meta.Destinations | Should -BeExactly '[{"Name":"theirs"}]'
        $sent[0].Headers['redox-source-id'] | Should -BeExactly '7ce6f387-c33c-417d-8682-81e83628cbd9'
        Get-BodyField $sent[1].Body Meta.Source | Should -BeExactly '{"Name":"other"}'
        Get-BodyField $sent[1].Body Meta.Destinations | Should -BeExactly '[{"Name":"one"},{"Name":"two"}]'
    }

    It 'is the default of this runspace, and the last one counts' {
        Get-GroupExportConnection | Should -BeNullOrEmpty
        $first = $sandbox | Connect-GroupExport
        $second = Connect-GroupExport -FhirBaseUri $sandbox.FhirBaseUri
        (Get-GroupExportConnection).Server | Should -Be $second.Server
        (New-GroupExport -GroupId $sandbox.GroupId).Server | Should -Be $second.Server
        (New-GroupExport -Connection $first -GroupId $sandbox.GroupId).Server | Should -Be $first.Server
        Disconnect-GroupExport $first
    }
}

Describe 'Connect-GroupExport refuses' {
    BeforeAll {
        $sandbox | Connect-GroupExport | Out-Null
    }

    AfterAll {
        Disconnect-GroupExport
    }

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
        @{ Name = 'a key without -ClientId'; Id = 'InvalidParameter'; Target = 'ClientId'
            Script = { Connect-GroupExport -FhirBaseUri $sandbox.FhirBaseUri -PrivateKeyPath (Join-Path $TestDrive 'none.jwk') } }
        @{ Name = 'a file that holds no key'; Id = 'KeyUnreadable'; Target = $null
            Script = { Set-Content (Join-Path $TestDrive 'no-key.jwk') 'secret'; $sandbox | Connect-GroupExport -ClientId me -PrivateKeyPath (Join-Path $TestDrive 'no-key.jwk') } }
    ) {
        $before = Get-GroupExportConnection
        $before | Should -Not -BeNullOrEmpty
        $failure = Get-Failure $Script
        Assert-Failure $failure $Id Connect-GroupExport InvalidArgument $Target
        "$failure $($failure.TargetObject)" | Should -Not -Match 'secret'
        Get-GroupExportConnection | Should -Be $before -Because 'the one before stays open'
    }
}

Describe 'Connect-GroupExport -PrivateKeyPath' {
    It 'refuses a file that is not there, and names it: KeyFileUnreadable' {
        $path = Join-Path $TestDrive 'not-there.jwk'
        Assert-Failure (Get-Failure { $sandbox | Connect-GroupExport -ClientId me -PrivateKeyPath $path }) KeyFileUnreadable Connect-GroupExport OpenError $path
    }
}

Describe 'Connect-GroupExport -FhirBaseUri' {
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

Describe 'Connect-GroupExport -AccessToken' {
    BeforeAll {
        $secret = 'tok-4f3c2b1a-very-secret'
        $token = ConvertTo-SecureString $secret -AsPlainText -Force
        $wrong = ConvertTo-SecureString 'tok-wrong-but-secret-too' -AsPlainText -Force
        $guarded = Start-TestSandbox -With @{ AccessToken = $token }
    }

    AfterAll {
        $guarded | Stop-ExportSandbox
    }

    BeforeEach {
        $guarded.ClearRequests()
    }

    AfterEach {
        Disconnect-GroupExport
    }

    It 'opens kick-off, status, files and removal' {
        $connection = $guarded | Connect-GroupExport -AccessToken $token
        $connection.Authorization | Should -Be 'AccessToken'
        $job = New-GroupExport -GroupId $guarded.GroupId -Type Patient
        $status = $job | Get-ExportStatus -Wait
        $status.RequiresAccessToken | Should -BeTrue
        ($status | Save-ExportFiles -Path (Join-Path $TestDrive 'guarded')).State | Should -Be 'Saved'
        $job | Remove-GroupExport
        $guarded.Requests.Count | Should -BeGreaterThan 3
    }

    It 'is masked in the log of the sandbox' {
        $guarded | Connect-GroupExport -AccessToken $token | Out-Null
        New-GroupExport -GroupId $guarded.GroupId -Type Patient | Out-Null
        (Get-KickOff $guarded).Headers['Authorization'] | Should -BeExactly 'Bearer ***'
        $guarded.Requests | ConvertTo-Json -Depth 5 | Should -Not -Match $secret
    }

    It '<Name> is TokenRejected' -ForEach @(
        @{ Name = 'a wrong one'; With = { @{ AccessToken = $wrong } } }
        @{ Name = 'none at all'; With = { @{} } }
    ) {
        $arguments = & $With
        $guarded | Connect-GroupExport @arguments | Out-Null
        $failure = Get-Failure { New-GroupExport -GroupId $guarded.GroupId }
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId TokenRejected New-GroupExport)
        $failure.CategoryInfo.Category | Should -Be 'AuthenticationError'
        $failure.TargetObject | Should -BeLike "*/Group/$($guarded.GroupId)/`$export"
        $failure.Exception.StatusCode | Should -Be 401
        $failure.Exception.ServerMessage | Should -Match 'access token'
    }

    It 'that is wrong is TokenRejected for <Command> too' -ForEach @(
        @{ Command = 'Get-ExportStatus'; With = { @{} } }
        @{ Command = 'Save-ExportFiles'; With = { @{ Path = Join-Path $TestDrive 'rejected' } } }
        @{ Command = 'Remove-GroupExport'; With = { @{} } }
    ) {
        $right = $guarded | Connect-GroupExport -AccessToken $token
        $job = New-GroupExport -GroupId $guarded.GroupId -Type Patient
        Disconnect-GroupExport
        $guarded | Connect-GroupExport -AccessToken $wrong | Out-Null
        $arguments = & $With
        $failure = Get-Failure { $job | & $Command @arguments }
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId TokenRejected $Command)
        $failure.TargetObject.StatusUrl | Should -Be $job.StatusUrl
    }

    It 'is in no stream, no object and no receipt' {
        $folder = Join-Path $TestDrive 'discreet'
        $shown = & {
            $guarded | Connect-GroupExport -AccessToken $token -Verbose -Debug
            Get-GroupExportConnection | Format-List * -Force
            Get-GroupExportConnection | ConvertTo-Json -Depth 5 -WarningAction Ignore
            $job = New-GroupExport -GroupId $guarded.GroupId -Type Patient -Verbose -Debug
            $job | Format-List * -Force
            $job | Get-ExportStatus -Wait -Verbose -Debug | Save-ExportFiles -Path $folder -Verbose -Debug
            $job | Remove-GroupExport -Verbose -Debug
            $guarded | Connect-GroupExport -AccessToken $wrong -Verbose -Debug
            New-GroupExport -GroupId $guarded.GroupId -Verbose -Debug -ErrorAction Continue
            $Error | Select-Object -First 3 | Format-List * -Force
            $guarded | Format-List * -Force
        } *>&1 | Out-String -Width 2000
        $shown | Should -Match 'TokenRejected'
        $shown | Should -Not -Match 'tok-'
        Get-Content -Raw (Join-Path $folder 'export.json') | Should -Not -Match 'tok-'
        $file = Join-Path $TestDrive 'connection.clixml'
        Get-GroupExportConnection | Export-Clixml $file
        Get-Content -Raw $file | Should -Not -Match 'tok-'
    }
}

Describe 'Connect-GroupExport for a client that is not registered so' {
    BeforeAll {
        $strict = Start-TestSandbox -With @{ Authorization = 'PrivateKeyJwt'; GrantedScope = 'system/Patient.rs' }
    }

    AfterAll {
        $strict | Stop-ExportSandbox
    }

    AfterEach {
        Disconnect-GroupExport
    }

    It '<Id> when <Name>, with a word on what to mend' -ForEach @(
        @{ Name = 'the client id is unknown'; Id = 'InvalidClient'; With = @{ ClientId = 'stranger' }; Cure = 'client id' }
        @{ Name = 'the scope is not granted'; Id = 'InvalidScope'; With = @{ Scope = 'system/Observation.rs' }; Cure = '-Scope' }
        @{ Name = 'nobody listens at the token URL'; Id = 'TokenEndpointUnreachable'; With = @{ TokenUri = 'http://127.0.0.1:9/token' }; Cure = 'address' }
    ) {
        $strict | Connect-GroupExport @With | Out-Null
        $failure = Get-Failure { New-GroupExport -GroupId $strict.GroupId }
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId $Id New-GroupExport)
        $failure.ErrorDetails.Message | Should -Match $Cure
        $failure.TargetObject | Should -Not -BeNullOrEmpty
    }

    It 'refuses a secret in the clear without repeating it' {
        $failure = Get-Failure { $strict | Connect-GroupExport -AccessToken $('tok-' + 'in-the-clear') }
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId ParameterArgumentTransformationError Connect-GroupExport)
        "$failure $($failure.Exception)" | Should -Match 'SecureString'
        "$failure $($failure.Exception)" | Should -Not -Match 'tok-in'
    }
}
