BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $sandbox = Start-TestSandbox
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

Describe 'Disconnect-GroupExport' {
    It 'closes the connection of the runspace' {
        $connection = $sandbox | Connect-GroupExport
        Disconnect-GroupExport
        $connection.IsOpen | Should -BeFalse
        Get-GroupExportConnection | Should -BeNullOrEmpty
    }

    It 'closes a connection that is piped, and no other' {
        $first = $sandbox | Connect-GroupExport
        $second = $sandbox | Connect-GroupExport
        $first | Disconnect-GroupExport
        $first.IsOpen | Should -BeFalse
        $second.IsOpen | Should -BeTrue
        (Get-GroupExportConnection).IsOpen | Should -BeTrue
        Disconnect-GroupExport
    }

    It 'does nothing where there is none' {
        { Disconnect-GroupExport -ErrorAction Stop } | Should -Not -Throw
    }

    It 'leaves the jobs of a closed connection to the one that is open' {
        $first = $sandbox | Connect-GroupExport
        $job = New-GroupExport -GroupId $sandbox.GroupId -Type Patient
        Disconnect-GroupExport
        $sandbox | Connect-GroupExport | Out-Null
        ($job | Get-ExportStatus -Wait).State | Should -Be 'Complete'
        Disconnect-GroupExport
    }
}

Describe 'An access token' {
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

Describe 'A server that is not there' {
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

Describe 'A client that is not registered so' {
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

Describe 'Test-GroupExportConnection' {
    BeforeAll {
        $keyed = Start-ExportSandbox -PatientCount 1 -Authorization PrivateKeyJwt
    }

    AfterAll {
        $keyed | Stop-ExportSandbox
    }

    BeforeEach {
        $null = $keyed | Connect-GroupExport
    }

    It 'gives one object per check, and all pass on a good connection' {
        $checks = Test-GroupExportConnection -GroupId $keyed.GroupId
        $checks.Name | Should -Be 'Server', 'Clock', 'Key', 'Discovery', 'Token', 'Scope', 'Export', 'Group'
        $checks | Where-Object { -not $_.Passed } | Should -BeNullOrEmpty
    }

    It 'throws for no failed check: what is wrong stands in the object' {
        $ErrorActionPreference = 'Stop'
        $failed = Connect-GroupExport -FhirBaseUri $keyed.FhirBaseUri -ClientId stranger -PrivateKey $keyed.PrivateKey |
            Test-GroupExportConnection | Where-Object Passed -EQ $false
        $failed.Name | Should -Be 'Token', 'Scope', 'Export'
        $failed[0].Detail | Should -BeLike '*invalid_client*client id*'
    }

    It 'gives one truth with -Quiet' {
        Test-GroupExportConnection -Quiet | Should -BeExactly $true
        Test-GroupExportConnection -GroupId none -Quiet | Should -BeExactly $false
    }

    It 'reads well at 100 columns' {
        $lines = Test-GroupExportConnection | Out-String -Width 100 -Stream
        $lines[1] | Should -BeLike 'Name*Passed*Detail*'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 100
    }

    It 'goes to Export-Csv and comes back' {
        Test-GroupExportConnection | Export-Csv (Join-Path $TestDrive checks.csv)
        (Import-Csv (Join-Path $TestDrive checks.csv)).Count | Should -Be 7
    }
}
