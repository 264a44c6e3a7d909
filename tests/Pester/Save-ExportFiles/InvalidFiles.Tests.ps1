BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    $sandbox = Start-TestSandbox -PatientCount 8
    $sandbox | Connect-GroupExport | Out-Null
    $all = $sandbox.GroupId
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
}

Describe 'Save-ExportFiles -Validation' {
    It 'None leaves the lines uncounted' {
        $saved = New-GroupExport -GroupId $all -Type Patient | Save-ExportFiles -Path (Join-Path $TestDrive 'none') -Validation None
        $saved.State | Should -Be 'Saved'
        $saved.Count | Should -BeNullOrEmpty
        $saved.Sha256 | Should -Be (Get-FileHash $saved.Path).Hash
    }

    It '<Validation> counts them' -ForEach @{ Validation = 'Count' }, @{ Validation = 'Full' } {
        (New-GroupExport -GroupId $all -Type Patient | Save-ExportFiles -Path (Join-Path $TestDrive $Validation) -Validation $Validation).Count | Should -Be 8
    }

    It 'takes no other word' {
        { Save-ExportFiles -Validation Everything -Path x } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
    }
}

Describe 'Save-ExportFiles and a file that is not what it should be, which' {
    BeforeAll {
        $served = (New-Item -ItemType Directory (Join-Path $TestDrive 'served-badly')).FullName
        $server = Start-FileServer $served
        $connection = Connect-GroupExport -FhirBaseUri $server.BaseUri
        $good = '{"resourceType":"Patient","id":"a"}'
        $invalid = Get-FullErrorId InvalidFile Save-ExportFiles
        Set-Content (Join-Path $served 'Organization.ndjson') '{"resourceType":"Organization","id":"o"}'
    }

    AfterAll {
        Stop-FileServer $server
        $sandbox | Connect-GroupExport | Out-Null
    }

    BeforeEach {
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        $aside = Join-Path $folder 'Patient.0001.ndjson.invalid'
    }

    It 'is kept aside without -Validation being asked for: <Line>' -ForEach @(
        @{ Line = '{"resourceType":"Observation","id":"b"}' }
        @{ Line = '{"resourceType":"Patient","id":}' }
        @{ Line = '<html>' }
    ) {
        Set-Content (Join-Path $served 'Patient.ndjson') $good, $Line
        $saved = @()
        $failure = Get-Failure { $server.StatusUrl | Save-ExportFiles -Path $folder -OutVariable +saved }
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeExactly $invalid
        $failure.CategoryInfo.Category | Should -Be 'InvalidData'
        "$failure" | Should -Match 'line 2 '
        "$failure" | Should -Match ([regex]::Escape($aside))
        (Get-FileHash $aside).Hash | Should -Be (Get-FileHash (Join-Path $served 'Patient.ndjson')).Hash
        Join-Path $folder 'Patient.0001.ndjson' | Should -Not -Exist
        Join-Path $folder 'Organization.0001.ndjson' | Should -Exist -Because 'one bad file never stops the others'
        (Get-ExportReceipt $folder).State | Should -BeExactly 'Incomplete'
    }

    It 'is left by a rerun, and fetched again with -RetryInvalid' {
        Set-Content (Join-Path $served 'Patient.ndjson') $good, '{'
        Get-Failure { $server.StatusUrl | Save-ExportFiles -Path $folder } | Should -HaveCount 1
        Set-Content (Join-Path $served 'Patient.ndjson') $good
        $before = $server.Asked.Count

        $failure = Get-Failure { Get-ExportReceipt $folder | Save-ExportFiles }
        $failure.FullyQualifiedErrorId | Should -BeExactly $invalid
        $server.Asked.Count | Should -Be $before
        $aside | Should -Exist

        $saved = Get-ExportReceipt $folder | Save-ExportFiles -RetryInvalid
        ($saved | Where-Object Type -EQ Patient).State | Should -BeExactly 'Saved'
        $server.Asked.Count | Should -Be ($before + 1)
        (Get-ExportReceipt $folder).State | Should -BeExactly 'Complete'
        Test-ExportFiles $folder -Quiet | Should -BeTrue
    }

    It 'can be one with a line longer than -MaxLineLength' {
        Set-Content (Join-Path $served 'Patient.ndjson') "{`"resourceType`":`"Patient`",`"id`":`"$('x' * 2000)`"}"
        $failure = Get-Failure { $server.StatusUrl | Save-ExportFiles -Path $folder -MaxLineLength 1KB }
        $failure.FullyQualifiedErrorId | Should -BeExactly $invalid
        "$failure" | Should -Match '1[,. ]?024'
    }
}
