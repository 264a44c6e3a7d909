BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    $sandbox = Start-TestSandbox
    $sandbox | Connect-GroupExport | Out-Null
    $all = $sandbox.GroupId
    $address = Get-SandboxAddress $sandbox
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
}

Describe 'The cmdlets compose' {
    BeforeEach {
        $sandbox.ClearRequests()
        $folder = Join-Path $TestDrive "out-$([guid]::NewGuid())"
    }

    It 'with variables between them' {
        $job = New-GroupExport -GroupId $all -Type Patient, Observation
        $job.PSObject.TypeNames[0] | Should -Be 'GroupExport.Jobs.ExportJob'
        $status = $job | Get-ExportStatus -Wait
        $status.PSObject.TypeNames[0] | Should -Be 'GroupExport.Jobs.ExportStatus'
        $status.State | Should -Be 'Complete'
        $status.StatusUrl | Should -Be $job.StatusUrl
        $saved = $status | Save-ExportFiles -Path $folder
        $saved[0].PSObject.TypeNames[0] | Should -Be 'GroupExport.Files.SavedFile'
        $saved.Name | Sort-Object | Should -Be 'Observation.0001.ndjson', 'Patient.0001.ndjson'
        ($saved | Measure-Object Count -Sum).Sum | Should -Be $status.ResourceCount
        (Get-ExportReceipt $folder).State | Should -Be 'Complete'
    }

    It 'without variables between them' {
        $saved = New-GroupExport -GroupId $all -Type Patient | Get-ExportStatus -Wait | Save-ExportFiles -Path $folder
        $saved.State | Should -Be 'Saved'
        (Get-KickOff $sandbox) | Should -HaveCount 1
    }

    It 'as parameters rather than in a pipeline' {
        $job = New-GroupExport -GroupId $all -Type Patient
        (Get-ExportStatus -Job $job -Wait).State | Should -Be 'Complete'
        (Get-ExportStatus $job.StatusUrl -Wait).State | Should -Be 'Complete'
        (Save-ExportFiles -Job $job -Path $folder).State | Should -Be 'Saved'
        Remove-GroupExport $job
    }

    It 'and Save-ExportFiles waits by itself' {
        $saved = New-GroupExport -GroupId $all -Type Patient | Save-ExportFiles $folder
        $saved.State | Should -Be 'Saved'
        $saved.Count | Should -Be 5
        $polls = @($sandbox.Requests | Where-Object Path -EQ ([uri] $saved.StatusUrl).AbsolutePath)
        $polls.Count | Should -BeGreaterThan 1
        $polls[0].Method | Should -Be 'GET'
        $polls[0].Headers['Accept'] | Should -BeExactly 'application/json'
        (Get-FileRequest $sandbox).Headers['Accept'] | Should -BeExactly 'application/fhir+ndjson'
    }

    It 'with many jobs: each is waited for and saved in the folder of its group' {
        $saved = New-GroupExport -GroupId $all, hypertension-2026, asthma-2026 -Type Patient |
            Get-ExportStatus -Wait |
            Save-ExportFiles -Path { Join-Path $folder $_.GroupId }
        $saved | Should -HaveCount 3
        $saved | Group-Object GroupId | ForEach-Object Count | Should -Be 1, 1, 1
        foreach ($file in $saved) {
            $file.Path | Should -Be (Join-Path $folder $file.GroupId 'Patient.0001.ndjson')
            (Get-Content $file.Path).Count | Should -Be $file.Count
        }

        Get-ChildItem -Directory $folder | Get-ExportReceipt | ForEach-Object State | Should -Be 'Complete', 'Complete', 'Complete'
    }

    It 'with one of several jobs gone: the others are saved all the same' {
        $jobs = New-GroupExport -GroupId $all, asthma-2026 -Type Patient
        Remove-GroupExport $jobs[0]
        $failures = @()
        $saved = $jobs | Save-ExportFiles -Path { Join-Path $folder $_.GroupId } -ErrorVariable failures -ErrorAction SilentlyContinue
        $saved.GroupId | Should -Be 'asthma-2026'
        $failures.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId JobNotFound Save-ExportFiles)
        $failures.TargetObject.StatusUrl | Should -Be $jobs[0].StatusUrl
    }

    It 'with files filtered by Where-Object' {
        $status = New-GroupExport -GroupId $all | Get-ExportStatus -Wait
        $status.Files.Count | Should -BeGreaterThan 3
        $saved = $status.Files | Where-Object Type -In Patient, Condition | Save-ExportFiles -Path $folder
        $saved.Type | Sort-Object | Should -Be 'Condition', 'Patient'
        (Get-FileRequest $sandbox) | Should -HaveCount 2
        (Get-ExportReceipt $folder).State | Should -Be 'Incomplete'

        $rest = Get-ExportReceipt $folder | Save-ExportFiles
        $rest | Where-Object State -EQ 'AlreadySaved' | Should -HaveCount 2
        $rest | Where-Object State -EQ 'Saved' | Should -HaveCount ($status.Files.Count - 2)
        (Get-FileRequest $sandbox) | Should -HaveCount $status.Files.Count
        (Get-ExportReceipt $folder).State | Should -Be 'Complete'
        (Get-KickOff $sandbox) | Should -HaveCount 1
    }

    It 'again, and fetch nothing twice' {
        $job = New-GroupExport -GroupId $all -Type Patient, Condition
        $first = $job | Save-ExportFiles -Path $folder
        $sandbox.ClearRequests()
        $second = $job | Save-ExportFiles -Path $folder
        $second.State | Should -Be 'AlreadySaved', 'AlreadySaved'
        $second.Sha256 | Sort-Object | Should -Be ($first.Sha256 | Sort-Object)
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'again, and fetch what is missing' {
        $job = New-GroupExport -GroupId $all -Type Patient, Condition
        $job | Save-ExportFiles -Path $folder | Out-Null
        Remove-Item (Join-Path $folder 'Patient.0001.ndjson')
        $sandbox.ClearRequests()
        $again = $job | Save-ExportFiles -Path $folder
        ($again | Where-Object Type -EQ Patient).State | Should -Be 'Saved'
        ($again | Where-Object Type -EQ Condition).State | Should -Be 'AlreadySaved'
        (Get-FileRequest $sandbox) | Should -HaveCount 1
        Join-Path $folder 'Patient.0001.ndjson' | Should -Exist
    }

    It 'with Export-Csv' {
        $csv = Join-Path $TestDrive 'saved.csv'
        New-GroupExport -GroupId $all -Type Patient, Condition | Save-ExportFiles -Path $folder | Export-Csv $csv
        $rows = Import-Csv $csv
        $rows | Should -HaveCount 2
        foreach ($row in $rows) {
            $row.Sha256 | Should -Be (Get-FileHash $row.Path).Hash
            [long] $row.Bytes | Should -Be (Get-Item $row.Path).Length
            $row.GroupId | Should -Be $all
        }

        $rows[0].PSObject.Properties.Value | Should -Not -Match '^System\.|^GroupExport\.' -Because 'every column is plain'
    }
}

Describe 'A job lives on in another process' {
    BeforeDiscovery {
        $stores = @(
            @{ Name = 'Export-Clixml of a job'; File = 'job.clixml' }
            @{ Name = 'ConvertTo-Json of a job'; File = 'job.json' }
            @{ Name = 'Export-Clixml of a status under way'; File = 'running.clixml' }
            @{ Name = 'Export-Clixml of a complete status'; File = 'status.clixml' }
            @{ Name = 'ConvertTo-Json of a complete status'; File = 'status.json' }
            @{ Name = 'ConvertTo-Json of a complete status, too shallow'; File = 'shallow.json' }
        )
    }

    BeforeAll {
        $place = (New-Item -ItemType Directory (Join-Path $TestDrive 'stored')).FullName
        $store = [ordered] @{
            'job.clixml' = { $job | Export-Clixml $file }
            'job.json' = { $job | ConvertTo-Json | Set-Content $file }
            'running.clixml' = { $job | Get-ExportStatus | Export-Clixml $file }
            'status.clixml' = { $job | Get-ExportStatus -Wait | Export-Clixml $file }
            'status.json' = { $job | Get-ExportStatus -Wait | ConvertTo-Json -Depth 5 | Set-Content $file }
            'shallow.json' = { $job | Get-ExportStatus -Wait | ConvertTo-Json -Depth 1 -WarningAction Ignore | Set-Content $file }
        }
        $jobs = @{}
        $sandbox.ClearRequests()
        foreach ($name in $store.Keys) {
            $file = Join-Path $place $name
            $jobs[$name] = $job = New-GroupExport -GroupId $all -Patient Patient/patient-0002 -Type Patient
            & $store[$name]
        }

        # One process for all of them.
        $child = Invoke-Child -With ($address + @{ Place = $place }) -Script {
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            foreach ($file in Get-ChildItem $with.Place -File) {
                $folder = Join-Path $with.Place "$($file.Name)-saved"
                $stored = if ($file.Extension -eq '.json') { Get-Content -Raw $file | ConvertFrom-Json } else { Import-Clixml $file }
                $stored | Get-ExportStatus -Wait | Save-ExportFiles -Path $folder | ForEach-Object { "$($file.Name): $($_.State) $($_.Name) $($_.Count)" }
                $receipt = Get-ExportReceipt $folder
                "$($file.Name): $($receipt.State) $($receipt.GroupId) $($receipt.StartedAt.Kind) $($receipt.StartedAt.ToString('o'))"
            }
        }
        $kickOffs = @(Get-KickOff $sandbox)
    }

    BeforeEach {
        $sandbox.ClearRequests()
        $folder = Join-Path $TestDrive "process-$([guid]::NewGuid())"
    }

    It 'after <Name>' -ForEach $stores {
        Get-Content -Raw (Join-Path $place $File) | Should -Not -Match 'patient-0002'
        $child.ExitCode | Should -Be 0 -Because $child.Text
        $child.Output -like "${File}: *" | Should -BeExactly "${File}: Saved Patient.0001.ndjson 1", "${File}: Complete $all Utc $($jobs[$File].StartedAt.ToString('o'))"
        $kickOffs | Should -HaveCount $jobs.Count
    }

    It 'by its status URL alone' {
        $job = New-GroupExport -GroupId $all -Type Patient
        $child = Invoke-Child -With ($address + @{ StatusUrl = $job.StatusUrl; Folder = $folder }) -Script {
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            $with.StatusUrl | Get-ExportStatus -Wait | Save-ExportFiles -Path $with.Folder | ForEach-Object State
        }
        $child.Output | Should -Be 'Saved' -Because $child.Text
    }

    It 'by the receipt of its folder' {
        New-GroupExport -GroupId $all -Type Patient, Condition | Get-ExportStatus -Wait | ForEach-Object Files |
            Where-Object Type -EQ Patient | Save-ExportFiles -Path $folder | Out-Null
        $child = Invoke-Child -With ($address + @{ Folder = $folder }) -Script {
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            Get-ExportReceipt $with.Folder | Save-ExportFiles | Sort-Object Name | ForEach-Object { "$($_.State) $($_.Type)" }
        }
        $child.Output | Should -Be 'Saved Condition', 'AlreadySaved Patient' -Because $child.Text
        (Get-KickOff $sandbox) | Should -HaveCount 1
    }

    It 'and keeps its instants and lists, <_>' -ForEach 'Clixml', 'JSON' {
        $job = New-GroupExport -GroupId $all -Type Patient, Condition -Since 2020-01-01T00:00:00Z
        $file = Join-Path $TestDrive 'kept'
        $back = if ($_ -eq 'Clixml') { $job | Export-Clixml $file; Import-Clixml $file } else { $job | ConvertTo-Json | ConvertFrom-Json }
        $back.StatusUrl | Should -BeExactly $job.StatusUrl
        $back.StartedAt | Should -Be $job.StartedAt
        $back.Types | Should -Be 'Patient', 'Condition'
        $back.Parameters | Should -Be '_type', '_since'
        $back.Fingerprint | Should -BeExactly $job.Fingerprint
        $back.RedoxLogIds | Should -Be $job.RedoxLogIds
        $job.RedoxLogIds | Should -Not -BeNullOrEmpty
    }
}
