BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    $sandbox = Start-TestSandbox
    $sandbox | Connect-GroupExport | Out-Null

    function Read-Log { param($Path) Get-Content $Path | ConvertFrom-Json }
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
}

Describe 'The audit log' {
    BeforeEach {
        $place = Join-Path $TestDrive ([guid]::NewGuid())
        $log = Join-Path $place 'log.ndjson'
        $folder = Join-Path $place 'out'
    }

    It 'tells of an export from its kick-off to its end, line by line' {
        $saved = New-GroupExport -GroupId $sandbox.GroupId -Type Patient -LogPath $log |
            Get-ExportStatus -Wait -LogPath $log | Save-ExportFiles -Path $folder -LogPath $log
        $events = Read-Log $log

        ($events | Where-Object eventId -NE status_progress).eventId | Should -BeExactly 'kickoff',
            'status_complete', 'status_page_complete', 'manifest_complete', 'download_request', 'download_complete', 'export_complete'
        $events.exportId | Sort-Object -Unique | Should -BeExactly (Get-ExportReceipt $folder).ExportId
        $events[-1].eventDetail.resources | Should -Be $saved.Count
        $events[-1].eventDetail.bytes | Should -Be $saved.Bytes
        $events[-1].timestamp | Should -BeOfType datetime
        $events[-1].timestamp.Kind | Should -Be Utc
    }

    It 'adds up by export' {
        1..3 | ForEach-Object { New-GroupExport -GroupId $sandbox.GroupId -LogPath $log } | Save-ExportFiles -Path { "$folder/$($_.ExportId)" } -LogPath $log | Out-Null

        $exports = Read-Log $log | Group-Object exportId
        $exports | Should -HaveCount 3
        foreach ($export in $exports) {
            $files = ($export.Group | Where-Object eventId -EQ download_complete).eventDetail
            $whole = ($export.Group | Where-Object eventId -EQ export_complete).eventDetail
            ($files | Measure-Object fileSize -Sum).Sum | Should -Be $whole.bytes
            ($files | Measure-Object resourceCount -Sum).Sum | Should -Be $whole.resources
            $files | Should -HaveCount $whole.files
        }
    }

    It 'has one id for a job that another process goes on with, from Clixml or by its status URL' {
        $job = New-GroupExport -GroupId $sandbox.GroupId -Type Patient -LogPath $log
        $job | Export-Clixml (Join-Path $place 'job.xml')
        $child = Invoke-Child -With ((Get-SandboxAddress $sandbox) + @{ Place = $place; Log = $log; Folder = $folder; Url = $job.StatusUrl }) -Script {
            Connect-GroupExport -BaseUri $with.BaseUri $with.Slug $with.Flag -LogPath $with.Log | Out-Null
            Get-ExportStatus $with.Url | Out-Null
            Import-Clixml "$($with.Place)/job.xml" | Save-ExportFiles -Path $with.Folder | Out-Null
        }

        $child.ExitCode | Should -Be 0 -Because $child.Text
        $events = Read-Log $log
        $events.eventId | Should -Contain kickoff
        $events.eventId | Should -Contain export_complete
        $events.exportId | Sort-Object -Unique | Should -BeExactly $job.ExportId
    }

    It 'keeps the lines of two processes whole that write at the same time' {
        $script = New-ChildScript -With ((Get-SandboxAddress $sandbox) + @{ Folder = $folder; Log = $log }) -Script {
            Connect-GroupExport -BaseUri $with.BaseUri $with.Slug $with.Flag -LogPath $with.Log | Out-Null
            1..8 | ForEach-Object { New-GroupExport -GroupId $with.GroupId } | Save-ExportFiles -Path { "$($with.Folder)/$($_.ExportId)" } | Out-Null
        }
        $processes = 1..2 | ForEach-Object { Start-Process $PwshPath -ArgumentList '-NoProfile', '-NonInteractive', '-File', $script -PassThru }
        $processes | ForEach-Object { $_.WaitForExit($Patience) | Should -BeTrue; $_.ExitCode | Should -Be 0 }

        $exports = Read-Log $log | Group-Object exportId
        $exports | Should -HaveCount 16
        foreach ($export in $exports) {
            @($export.Group | Where-Object eventId -EQ download_complete) | Should -HaveCount ($export.Group | Where-Object eventId -EQ export_complete).eventDetail.files
        }
    }

    It 'is for its owner alone' -Skip:$IsWindows {
        $null = New-GroupExport -GroupId $sandbox.GroupId -LogPath $log
        [int] [IO.File]::GetUnixFileMode($log) | Should -Be 0x180
    }

    It 'holds no patient and no value of a filter' {
        $null = New-GroupExport -GroupId $sandbox.GroupId -Patient Patient/some-body -TypeFilter 'Observation?code=4548-4' -LogPath $log -ErrorAction SilentlyContinue
        $kickoff = (Read-Log $log).eventDetail
        $kickoff.errorCode | Should -Be 400
        $kickoff.requestParameters._typeFilter | Should -BeExactly 'Observation?code=…'
        Get-Content -Raw $log | Should -Not -Match 'some-body|4548'
    }

    It 'never adds to <Name>' -ForEach @(
        @{ Name = 'a receipt'; Of = { "$folder/export.json" } }
        @{ Name = 'a job file'; Of = { "$place/job.json" } }
        @{ Name = 'a saved file'; Of = { (Get-ChildItem "$folder/*.ndjson")[0].FullName } }
    ) {
        New-GroupExport -GroupId $sandbox.GroupId -Type Patient -JobFile "$place/job.json" | Save-ExportFiles -Path $folder | Out-Null
        $file = & $Of
        $before = (Get-FileHash $file).Hash
        { New-GroupExport -GroupId $sandbox.GroupId -LogPath $file -ErrorAction Stop } | Should -Throw -ErrorId 'LogNotWritable,*'
        (Get-FileHash $file).Hash | Should -BeExactly $before
    }

    It 'that cannot be written keeps everything from being sent' {
        $sandbox.ClearRequests()
        $id = try { New-GroupExport -GroupId $sandbox.GroupId -LogPath $TestDrive } catch { $_.FullyQualifiedErrorId }
        $id | Should -BeExactly (Get-FullErrorId LogNotWritable New-GroupExport)
        @(Get-KickOff $sandbox) | Should -HaveCount 0
    }

    It 'that becomes full is a warning, and the export is saved' -Skip:(-not (Test-Path /dev/full)) {
        New-GroupExport -GroupId $sandbox.GroupId -Type Patient | Save-ExportFiles -Path $folder -LogPath /dev/full -WarningVariable warnings -WarningAction SilentlyContinue | Out-Null
        $warnings | Should -HaveCount 1
        (Get-ExportReceipt $folder).State | Should -BeExactly Complete
    }
}
