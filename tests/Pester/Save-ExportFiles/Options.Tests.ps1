BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    $sandbox = Start-TestSandbox -PatientCount 8
    $sandbox | Connect-GroupExport | Out-Null
    $all = $sandbox.GroupId
    $address = Get-SandboxAddress $sandbox
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
}

Describe 'Save-ExportFiles -Compress' {
    It 'stores .ndjson.gz, and tells of the content' {
        $job = New-GroupExport -GroupId $all
        $plain = $job | Save-ExportFiles -Path (Join-Path $TestDrive 'plain') | Sort-Object Name
        $folder = Join-Path $TestDrive 'packed'
        $packed = $job | Save-ExportFiles -Path $folder -Compress | Sort-Object Name
        $packed.Name | Should -BeExactly ($plain.Name | ForEach-Object { "$_.gz" })
        foreach ($property in 'Count', 'Bytes', 'Sha256', 'ProvedBy') {
            $packed.$property | Should -Be $plain.$property
        }

        $file = $packed | Where-Object Type -EQ Patient
        $unpacked = [IO.Compression.GZipStream]::new([IO.File]::OpenRead($file.Path), [IO.Compression.CompressionMode]::Decompress)
        try { (Get-FileHash -InputStream $unpacked).Hash | Should -Be $file.Sha256 } finally { $unpacked.Dispose() }
        (Get-ExportReceipt $folder).State | Should -BeExactly 'Complete'
        Test-ExportFiles $folder -Quiet | Should -BeTrue

        $sandbox.ClearRequests()
        ($job | Save-ExportFiles -Path $folder).State | Sort-Object -Unique | Should -BeExactly 'AlreadySaved'
        Get-FileRequest $sandbox | Should -BeNullOrEmpty
    }
}

Describe 'Save-ExportFiles -Force' {
    It 'fetches all again, and starts no export' {
        $folder = Join-Path $TestDrive 'forced'
        $first = New-GroupExport -GroupId $all | Save-ExportFiles -Path $folder
        $sandbox.ClearRequests()
        $again = Get-ExportReceipt $folder | Save-ExportFiles -Force
        $again.State | Sort-Object -Unique | Should -BeExactly 'Saved'
        Get-FileRequest $sandbox | Should -HaveCount $first.Count
        Get-KickOff $sandbox | Should -BeNullOrEmpty
        (Get-ExportReceipt $folder).State | Should -BeExactly 'Complete'
    }
}

Describe 'Save-ExportFiles -StallTimeout' {
    It 'takes <_>' -ForEach 30, '0.5', '00:01:00', ([timespan]::FromSeconds(30)) {
        $saved = New-GroupExport -GroupId $all -Type Patient | Save-ExportFiles -Path (Join-Path $TestDrive ([guid]::NewGuid())) -StallTimeout $_
        $saved.State | Should -BeExactly 'Saved'
        $saved.ResumedBytes | Should -Be 0
        $saved.ProvedBy | Should -BeExactly 'Count'
    }

    It 'refuses <_> before an export is started' -ForEach 0, -1 {
        $sandbox.ClearRequests()
        $failure = Get-Failure { New-GroupExport -GroupId $all | Save-ExportFiles -Path (Join-Path $TestDrive 'never') -StallTimeout $_ }
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId InvalidParameter Save-ExportFiles)
        $sandbox.Requests | Should -BeNullOrEmpty
    }
}

Describe 'Save-ExportFiles -Timeout' {
    BeforeAll {
        $slow = Start-TestSandbox -ExportDuration 3600 -RetryAfter 1
    }

    AfterAll {
        $slow | Stop-ExportSandbox
    }

    It 'gives up waiting (WaitTimeout), and the receipt holds the job' {
        $slowly = $slow | Connect-GroupExport
        $folder = Join-Path $TestDrive 'timeout'
        $failure = Get-Failure { New-GroupExport -GroupId $slow.GroupId | Save-ExportFiles -Path $folder -Timeout 1 }
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId WaitTimeout Save-ExportFiles)
        $receipt = Get-ExportReceipt $folder
        $receipt.State | Should -Be 'Incomplete'
        ($receipt | Get-ExportStatus).State | Should -Be 'InProgress'
        $sandbox | Connect-GroupExport | Out-Null
    }
}

Describe 'Save-ExportFiles of an export that failed' {
    It 'fails with ExportFailed and saves nothing' {
        $failing = Start-TestSandbox -With @{ Fault = 'JobFailed' }
        try {
            $connection = $failing | Connect-GroupExport
            $job = New-GroupExport -GroupId $failing.GroupId
            $folder = Join-Path $TestDrive 'failed'
            $failure = Get-Failure { $job | Save-ExportFiles -Path $folder }
            $failure | Should -HaveCount 1
            $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId ExportFailed Save-ExportFiles)
            $failure.TargetObject.StatusUrl | Should -BeExactly $job.StatusUrl
            Get-ChildItem $folder -Filter '*.ndjson*' -ErrorAction Ignore | Should -BeNullOrEmpty
        }
        finally {
            $failing | Stop-ExportSandbox
            $sandbox | Connect-GroupExport | Out-Null
        }
    }
}

Describe 'Save-ExportFiles -RemoveWhenComplete' {
    BeforeEach {
        $sandbox.ClearRequests()
        $folder = Join-Path $TestDrive "$([guid]::NewGuid())"
    }

    It 'can be part of saving' {
        (New-GroupExport -GroupId $all -Type Patient | Save-ExportFiles -Path $folder -RemoveWhenComplete).State | Should -Be 'Saved'
        @($sandbox.Requests | Where-Object Method -EQ 'DELETE') | Should -HaveCount 1
        (Get-ExportReceipt $folder).State | Should -BeExactly 'Complete'
    }
}

Describe 'Save-ExportFiles -WhatIf' {
    It 'writes nothing and asks for nothing' {
        $folder = Join-Path $TestDrive 'what-if'
        $job = New-GroupExport -GroupId $all -Type Patient
        $sandbox.ClearRequests()
        $job | Save-ExportFiles -Path $folder -Force -Compress -WhatIf | Should -BeNullOrEmpty
        $folder | Should -Not -Exist
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'sends and writes nothing in another process, and names the folder' {
        $job = New-GroupExport -GroupId $all -Type Patient
        $sandbox.ClearRequests()
        $folder = Join-Path $TestDrive 'what-if-child'
        $child = Invoke-Child -With ($address + @{ Folder = $folder; StatusUrl = $job.StatusUrl }) -Script {
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            $with.StatusUrl | Save-ExportFiles -Path $with.Folder -WhatIf
        }
        $child.Text | Should -Match ([regex]::Escape($folder))
        $sandbox.Requests | Should -BeNullOrEmpty
        $folder | Should -Not -Exist
    }
}
