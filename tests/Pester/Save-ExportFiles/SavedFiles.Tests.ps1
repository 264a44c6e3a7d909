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

Describe 'Save-ExportFiles saves an export that' {
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

Describe 'Save-ExportFiles saves several files of a type, which' {
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

Describe 'Save-ExportFiles saves given data, which' {
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

Describe 'Save-ExportFiles with an export without files' {
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

Describe 'Save-ExportFiles and the types that were asked for, which' {
    It 'are named in the receipt when the server has no file of them' {
        $folder = Join-Path $TestDrive 'types'
        New-GroupExport -GroupId $all -Type Patient, Basic | Save-ExportFiles -Path $folder | Out-Null
        (Get-ExportReceipt $folder).TypesWithoutFile | Should -Be 'Basic'
        (Get-ExportReceipt $folder).State | Should -Be 'Complete'
    }
}

Describe 'Save-ExportFiles' {
    It 'warns once of types that nobody asked for' {
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive 'served')).FullName
        foreach ($type in 'Patient', 'Observation', 'Condition') { "{`"resourceType`":`"$type`",`"id`":`"1`"}" | Set-Content (Join-Path $folder "$type.ndjson") }
        $server = Start-FileServer $folder
        try {
            $connection = Connect-GroupExport -FhirBaseUri $server.BaseUri
            $job = [pscustomobject] @{ StatusUrl = $server.StatusUrl; GroupId = 'g'; Types = @('Patient'); Parameters = @('_type', '_typeFilter') }
            $files = $job | Save-ExportFiles -Connection $connection -Path (Join-Path $TestDrive 'surplus') -WarningVariable warnings -WarningAction SilentlyContinue
            $files.State | Should -Be 'Saved', 'Saved', 'Saved'
            $warnings | Should -HaveCount 1
            $warnings[0].Message | Should -BeLike '*Condition, Observation, which was not asked for*'
        }
        finally {
            Stop-FileServer $server
            $sandbox | Connect-GroupExport | Out-Null
        }
    }
}

Describe 'Save-ExportFiles names no patient, who' {
    It 'is named in job, receipt, verbose or debug output' {
        $folder = Join-Path $TestDrive 'discreet'
        $shown = & {
            # The sandbox knows no such filter; what it is asked and answers counts too.
            New-GroupExport -GroupId $all -Patient Patient/patient-0003 -TypeFilter 'Observation?subject=Patient/patient-0003' -Type Observation -Verbose -Debug -WarningAction Continue -ErrorAction Continue
            $job = New-GroupExport -GroupId $all -Patient Patient/patient-0003 -Type Patient, Observation -Verbose -Debug
            $job
            $job | ConvertTo-Json
            $job | Save-ExportFiles -Path $folder -Verbose -Debug -WarningAction Continue
        } *>&1 | Out-String -Width 1000
        $shown | Should -Match 'KickOffRejected|refused the kick-off'
        $shown | Should -Match 'Patient\.0001\.ndjson'
        $shown | Should -Not -Match 'patient-0003'
        Get-Content -Raw (Join-Path $folder 'export.json') | Should -Not -Match 'patient-0003'
    }
}
