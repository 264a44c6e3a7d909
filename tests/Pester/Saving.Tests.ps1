BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $sandbox = Start-TestSandbox -PatientCount 8
    $sandbox | Connect-GroupExport | Out-Null
    $all = $sandbox.GroupId
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
}

Describe 'A saved export' {
    BeforeAll {
        $folder = Join-Path $TestDrive 'whole'
        $status = New-GroupExport -GroupId $all | Get-ExportStatus -Wait
        $saved = $status | Save-ExportFiles -Path $folder
    }

    It 'has a file for each of the manifest, named by type and number' {
        $saved | Should -HaveCount $status.Files.Count
        $saved.Name | Sort-Object | Should -Be ($status.Files.Name | Sort-Object)
        $saved | ForEach-Object { $_.Name | Should -BeExactly "$($_.Type).0001.ndjson" }
        $saved.State | Sort-Object -Unique | Should -Be 'Saved'
        $saved.Kind | Sort-Object -Unique | Should -Be 'output'
    }

    It 'holds as many resources as the manifest says' {
        foreach ($file in $status.Files) {
            $line = $saved | Where-Object Name -EQ $file.Name
            $line.Count | Should -Be $file.Count
            @(Get-Content $line.Path).Count | Should -Be $file.Count
        }

        ($saved | Measure-Object Count -Sum).Sum | Should -Be $status.ResourceCount
    }

    It 'has the SHA-256 and the sizes of its files' {
        foreach ($file in $saved) {
            $file.Sha256 | Should -BeExactly (Get-FileHash $file.Path -Algorithm SHA256).Hash.ToLowerInvariant()
            $file.Bytes | Should -Be (Get-Item $file.Path).Length
        }
    }

    It 'is byte for byte what the server serves' {
        foreach ($file in $status.Files) {
            $served = Join-Path $TestDrive 'served'
            Invoke-WebRequest $file.Url -OutFile $served
            (Get-FileHash $served).Hash | Should -Be (Get-FileHash (Join-Path $folder $file.Name)).Hash
        }
    }

    It 'holds resources of the type that its name says, and of the group' {
        foreach ($file in $saved) {
            Get-Content $file.Path | ConvertFrom-Json | ForEach-Object resourceType | Sort-Object -Unique | Should -BeExactly $file.Type
        }
    }

    It 'has a receipt that tells it all' {
        $receipt = Get-ExportReceipt $folder
        $receipt.State | Should -BeExactly 'Complete'
        $receipt.Path | Should -Be $folder
        $receipt.GroupId | Should -Be $all
        $receipt.StatusUrl | Should -Be $status.StatusUrl
        $receipt.TransactionTime | Should -BeExactly $status.TransactionTime
        $receipt.FileCount | Should -Be $saved.Count
        $receipt.SavedCount | Should -Be $saved.Count
        $receipt.ResourceCount | Should -Be $status.ResourceCount
        $receipt.Bytes | Should -Be ($saved | Measure-Object Bytes -Sum).Sum
        $receipt.Files.Name | Should -Be $status.Files.Name -Because 'they stand in the order of the manifest'
        $receipt.Files.Sha256 | Sort-Object | Should -Be ($saved.Sha256 | Sort-Object)
    }

    It 'holds nothing else' {
        Get-ChildItem $folder -Recurse -Force -File | ForEach-Object Name | Where-Object { $_ -notlike '*.ndjson' } | Sort-Object |
            Should -Be '.export.lock', 'export.json', 'manifest.json'
    }

    It 'can be read by its owner only' -Skip:$IsWindows {
        [int] [IO.File]::GetUnixFileMode($folder) | Should -Be 0x1C0 -Because 'folders are 0700'
        foreach ($file in Get-ChildItem $folder -Recurse -Force -File) {
            [int] [IO.File]::GetUnixFileMode($file.FullName) | Should -Be 0x180 -Because "$($file.Name) is 0600"
        }
    }

    It 'can be read by its owner only, on Windows' -Skip:(-not $IsWindows) {
        $rules = (Get-Acl $folder).Access
        $rules | Should -HaveCount 1
        $rules[0].IdentityReference.Value | Should -Be ([Security.Principal.WindowsIdentity]::GetCurrent().Name)
    }
}

Describe 'The folder of an export' {
    BeforeAll {
        $job = New-GroupExport -GroupId $all -Type Patient
    }

    It 'is made with all folders above it' {
        $folder = Join-Path $TestDrive 'a' 'b' 'c'
        ($job | Save-ExportFiles -Path $folder).Path | Should -Be (Join-Path $folder 'Patient.0001.ndjson')
    }

    It 'is relative to the location of PowerShell, not of the process' {
        Push-Location $TestDrive
        try {
            ($job | Save-ExportFiles -Path relative).Path | Should -Be (Join-Path $TestDrive 'relative' 'Patient.0001.ndjson')
        }
        finally {
            Pop-Location
        }
    }

    It 'can be named by a drive of PowerShell' {
        ($job | Save-ExportFiles -Path TestDrive:/drive).Path | Should -Be (Join-Path $TestDrive 'drive' 'Patient.0001.ndjson')
        (Get-ExportReceipt TestDrive:/drive).State | Should -Be 'Complete'
    }

    It 'can have spaces and brackets in its name' {
        $folder = Join-Path $TestDrive 'a [b] c'
        ($job | Save-ExportFiles -Path $folder).State | Should -Be 'Saved'
        Test-Path -LiteralPath (Join-Path $folder 'Patient.0001.ndjson') | Should -BeTrue
        (Get-ExportReceipt $folder).State | Should -Be 'Complete'
    }

    It 'can be piped to Get-ExportReceipt as Get-ChildItem and Get-Item give it' {
        $parent = Join-Path $TestDrive 'parent'
        $job | Save-ExportFiles -Path (Join-Path $parent 'one') | Out-Null
        (Get-ChildItem $parent | Get-ExportReceipt).State | Should -Be 'Complete'
        (Get-Item (Join-Path $parent 'one') | Get-ExportReceipt).State | Should -Be 'Complete'
        (Join-Path $parent 'one' | Get-ExportReceipt).State | Should -Be 'Complete'
    }
}

Describe 'Several files of a type' {
    It 'are numbered, and hold all together' {
        $split = Start-TestSandbox -PatientCount 8 -With @{ MaxResourcesPerFile = 3 }
        try {
            $connection = $split | Connect-GroupExport
            $folder = Join-Path $TestDrive 'split'
            $saved = New-GroupExport -GroupId $all -Type Patient | Save-ExportFiles -Path $folder
            $saved.Name | Sort-Object | Should -BeExactly 'Patient.0001.ndjson', 'Patient.0002.ndjson', 'Patient.0003.ndjson'
            $saved | Sort-Object Name | ForEach-Object Count | Should -Be 3, 3, 2
            Get-Content (Join-Path $folder '*.ndjson') | ConvertFrom-Json | ForEach-Object id | Sort-Object -Unique | Should -HaveCount 8
        }
        finally {
            $split | Stop-ExportSandbox
            $sandbox | Connect-GroupExport | Out-Null
        }
    }
}

Describe 'Given data' {
    BeforeAll {
        $data = (New-Item -ItemType Directory (Join-Path $TestDrive 'data')).FullName
        $utf8 = [Text.UTF8Encoding]::new($false)
        $texts = @{
            # Spaces, an escaped letter, letters beyond ASCII and line ends stay as they are.
            Patient = "{`"resourceType`":`"Patient`", `"id`":`"p1`",`"name`":[{`"family`":`"Sm\u00edth`",`"given`":[`"Zoë`",`"李`"]}]}`n{`"resourceType`":`"Patient`",`"id`":`"p2`"}`n"
            # Decimals keep their zeros.
            Observation = "{`"resourceType`":`"Observation`",`"id`":`"o1`",`"status`":`"final`",`"code`":{`"text`":`"x`"},`"subject`":{`"reference`":`"Patient/p1`"},`"valueQuantity`":{`"value`":1.10}}`n"
            # The last line has no end.
            Condition = "{`"resourceType`":`"Condition`",`"id`":`"c1`",`"subject`":{`"reference`":`"Patient/p1`"}}`n{`"resourceType`":`"Condition`",`"id`":`"c2`",`"subject`":{`"reference`":`"Patient/p2`"}}"
        }
        [IO.File]::WriteAllText((Join-Path $data 'Patient.ndjson'), $texts.Patient, $utf8)
        [IO.File]::WriteAllText((Join-Path $data 'Condition.ndjson'), $texts.Condition, $utf8)
        $packed = [IO.Compression.GZipStream]::new([IO.File]::Create((Join-Path $data 'Observation.ndjson.gz')), [IO.Compression.CompressionMode]::Compress)
        $packed.Write($utf8.GetBytes($texts.Observation))
        $packed.Dispose()

        $given = Start-ExportSandbox -DataPath TestDrive:/data -ExportDuration 0.2 -RetryAfter 0
        $given | Connect-GroupExport | Out-Null
        $folder = Join-Path $TestDrive 'given'
        $saved = New-GroupExport -GroupId $given.GroupId | Save-ExportFiles -Path $folder
    }

    AfterAll {
        $given | Stop-ExportSandbox
        $sandbox | Connect-GroupExport | Out-Null
    }

    It 'has its patients in the group' {
        $given.PatientCount | Should -Be 2
    }

    It 'comes through byte for byte: <Type> (<Count>)' -ForEach @(
        @{ Type = 'Patient'; Count = 2 }
        @{ Type = 'Observation'; Count = 1 }
        @{ Type = 'Condition'; Count = 2 }
    ) {
        $file = $saved | Where-Object Type -EQ $Type
        $file.Count | Should -Be $Count
        $bytes = [IO.File]::ReadAllBytes($file.Path)
        [Convert]::ToHexString($bytes) | Should -BeExactly ([Convert]::ToHexString($utf8.GetBytes($texts[$Type])))
    }

    It 'can be restricted to a patient' {
        $one = New-GroupExport -GroupId $given.GroupId -Patient Patient/p2 | Get-ExportStatus -Wait
        ($one.Files | Where-Object Type -EQ Condition).Count | Should -Be 1
        $one.Files | Where-Object Type -EQ Observation | Should -BeNullOrEmpty
    }
}

Describe 'An export without files' {
    BeforeAll {
        $empty = Start-TestSandbox -PatientCount 0
        $empty | Connect-GroupExport | Out-Null
        $folder = Join-Path $TestDrive 'empty'
        $saved = New-GroupExport -GroupId $empty.GroupId -Type Patient | Save-ExportFiles -Path $folder -WarningVariable warnings -WarningAction SilentlyContinue
    }

    AfterAll {
        $empty | Stop-ExportSandbox
        $sandbox | Connect-GroupExport | Out-Null
    }

    It 'saves nothing and warns' {
        $saved | Should -BeNullOrEmpty
        $warnings | Should -HaveCount 1
        $warnings[0].Message | Should -Match "group $($empty.GroupId) has no files"
    }

    It 'has a receipt that says so' {
        $receipt = Get-ExportReceipt $folder
        $receipt.State | Should -BeExactly 'Empty'
        $receipt.FileCount | Should -Be 0
        $receipt.ResourceCount | Should -Be 0
        $receipt.TypesWithoutFile | Should -Be 'Patient'
    }

    It 'warns again when it is saved again' {
        $again = Get-ExportReceipt $folder | Save-ExportFiles -WarningVariable warnings -WarningAction SilentlyContinue
        $again | Should -BeNullOrEmpty
        $warnings | Should -HaveCount 1
    }
}

Describe 'The types that were asked for' {
    It 'are named in the receipt when the server has no file of them' {
        $folder = Join-Path $TestDrive 'types'
        New-GroupExport -GroupId $all -Type Patient, Basic | Save-ExportFiles -Path $folder | Out-Null
        (Get-ExportReceipt $folder).TypesWithoutFile | Should -Be 'Basic'
        (Get-ExportReceipt $folder).State | Should -Be 'Complete'
    }
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

Describe 'A file that is not what it should be' {
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

Describe 'Save-ExportFiles -WhatIf' {
    It 'writes nothing and asks for nothing' {
        $folder = Join-Path $TestDrive 'what-if'
        $job = New-GroupExport -GroupId $all -Type Patient
        $sandbox.ClearRequests()
        $job | Save-ExportFiles -Path $folder -Force -Compress -WhatIf | Should -BeNullOrEmpty
        $folder | Should -Not -Exist
        $sandbox.Requests | Should -BeNullOrEmpty
    }
}

Describe 'No patient' {
    It 'is named in job, receipt, verbose or debug output' {
        $folder = Join-Path $TestDrive 'discreet'
        $shown = & {
            $job = New-GroupExport -GroupId $all -Patient Patient/patient-0003 -TypeFilter 'Observation?subject=Patient/patient-0003' -Type Patient, Observation -Verbose -Debug -WarningAction Continue -ErrorAction Continue
            $job
            $job | ConvertTo-Json
            $job | Save-ExportFiles -Path $folder -Verbose -Debug -WarningAction Continue
        } *>&1 | Out-String -Width 1000
        $shown | Should -Not -Match 'patient-0003'
        Get-Content -Raw (Join-Path $folder 'export.json') -ErrorAction Ignore | Should -Not -Match 'patient-0003'
    }
}
