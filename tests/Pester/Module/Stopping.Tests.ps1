# Ctrl+C, Select-Object -First, -ErrorAction Stop and killed processes: nothing hangs, nothing goes on, nothing is lost.

BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')

    # Ten times what stopping may take.
    $prompt = [timespan]::FromSeconds(10)

    # No request may arrive after this, but for one that was on its way when the work was stopped.
    function Assert-Quiet {
        param($Sandbox, [int] $Milliseconds = 1500)
        Start-Sleep -Milliseconds 250
        $count = $Sandbox.Requests.Count
        Start-Sleep -Milliseconds $Milliseconds
        $Sandbox.Requests.Count | Should -Be $count -Because 'no work goes on'
    }
}

Describe 'Ctrl+C' {
    AfterEach {
        Close-Runspace $running
        $sandbox | Stop-ExportSandbox
        Disconnect-GroupExport
    }

    It 'ends Get-ExportStatus -Wait, <Name>' -ForEach @(
        @{ Name = 'which asks again and again'; RetryAfter = 0 }
        @{ Name = 'which waits for hours'; RetryAfter = 7200 }
    ) {
        $sandbox = Start-TestSandbox -ExportDuration 3600 -RetryAfter $RetryAfter
        $connection = $sandbox | Connect-GroupExport
        $job = New-GroupExport -GroupId $sandbox.GroupId
        $running = Start-InRunspace 'param($job) $job | Get-ExportStatus -Wait -MinPollInterval 0.1 -MaxPollInterval 0.1' $job
        Wait-Until { $sandbox.Requests.Count -gt 1 }

        Stop-InRunspace $running | Should -BeLessThan $prompt
        $running.Shell.InvocationStateInfo.State | Should -Be 'Stopped'
        $running.Shell.Streams.Error | Should -BeNullOrEmpty
        Assert-Quiet $sandbox 500
        ($job | Get-ExportStatus).State | Should -Be 'InProgress' -Because 'the job is left alone'
    }

    It 'ends Save-ExportFiles in the middle of a file, and leaves nothing that looks whole' {
        $sandbox = Start-TestSandbox -With @{ BytesPerSecond = 500 }
        $connection = $sandbox | Connect-GroupExport
        $job = New-GroupExport -GroupId $sandbox.GroupId
        $folder = Join-Path $TestDrive 'stopped-save'
        $running = Start-InRunspace 'param($job, $folder) $job | Save-ExportFiles -Path $folder' $job, $folder
        Wait-Until { Get-ChildItem $folder -Recurse -Filter '*.part' -ErrorAction Ignore | Where-Object Length -GT 0 }

        Stop-InRunspace $running | Should -BeLessThan $prompt
        $running.Shell.InvocationStateInfo.State | Should -Be 'Stopped'
        $running.Shell.Streams.Error | Should -BeNullOrEmpty
        Assert-Quiet $sandbox
        Get-ChildItem $folder -Filter '*.ndjson' | Should -BeNullOrEmpty -Because 'no file is whole, and only whole files have their name'
        $receipt = Get-ExportReceipt $folder
        $receipt.State | Should -Be 'Incomplete'
        $receipt.StatusUrl | Should -Be $job.StatusUrl

        # The folder is free again.
        $held = [IO.File]::Open((Join-Path $folder '.export.lock'), 'Open', 'Write', 'None')
        $held.Dispose()
    }

    It 'in New-GroupExport | Save-ExportFiles loses nothing: the receipt holds the job, and going on from it needs no second kick-off' {
        $sandbox = Start-TestSandbox -ExportDuration 3 -RetryAfter 1
        $sandbox | Connect-GroupExport | Out-Null
        $folder = Join-Path $TestDrive 'stopped-pipeline'
        $running = Start-InRunspace 'param($sandbox, $folder) $sandbox | Connect-GroupExport | Out-Null; New-GroupExport -GroupId $sandbox.GroupId | Save-ExportFiles -Path $folder' $sandbox, $folder
        Wait-Until { $sandbox.Requests.Count -ge 2 } 'the job is asked for'

        Stop-InRunspace $running | Should -BeLessThan $prompt
        $running.Shell.InvocationStateInfo.State | Should -Be 'Stopped'
        $receipt = Get-ExportReceipt $folder
        $receipt.State | Should -Be 'Incomplete'
        $receipt.GroupId | Should -Be $sandbox.GroupId
        $receipt.StatusUrl | Should -BeLike "$($sandbox.BaseUri)*"
        Assert-Quiet $sandbox

        $saved = $receipt | Save-ExportFiles
        $saved.State | Sort-Object -Unique | Should -Be 'Saved'
        (Get-ExportReceipt $folder).State | Should -Be 'Complete'
        (Get-KickOff $sandbox) | Should -HaveCount 1
    }
}

Describe 'Select-Object -First 1' {
    BeforeAll {
        $sandbox = Start-TestSandbox -With @{ BytesPerSecond = 3000 }
        $sandbox | Connect-GroupExport | Out-Null
    }

    AfterAll {
        Disconnect-GroupExport
        $sandbox | Stop-ExportSandbox
    }

    BeforeEach {
        $sandbox.ClearRequests()
        $clock = [Diagnostics.Stopwatch]::StartNew()
    }

    It 'ends Save-ExportFiles at the first file' {
        $folder = Join-Path $TestDrive 'first'
        $first = New-GroupExport -GroupId $sandbox.GroupId | Save-ExportFiles -Path $folder -ThrottleLimit 1 | Select-Object -First 1
        $first.State | Should -Be 'Saved'
        $first.Path | Should -Exist
        $clock.Elapsed | Should -BeLessThan $Patience
        Assert-Quiet $sandbox
        (Get-FileRequest $sandbox).Count | Should -BeLessThan ((Get-ExportReceipt $folder).FileCount / 2)
        (Get-ExportReceipt $folder).State | Should -Be 'Incomplete'
    }

    It 'ends Get-ExportStatus -Wait at the first job that is complete' {
        $slow = Start-TestSandbox -ExportDuration 3600 -RetryAfter 0
        try {
            $other = $slow | Connect-GroupExport
            $sandbox | Connect-GroupExport | Out-Null
            $jobs = @(New-GroupExport -Connection $other -GroupId $slow.GroupId) + @(New-GroupExport -GroupId $sandbox.GroupId)
            $first = $jobs | Get-ExportStatus -Wait -MinPollInterval 0.1 -MaxPollInterval 0.1 | Select-Object -First 1
            $first.Server | Should -Be $jobs[1].Server
            $clock.Elapsed | Should -BeLessThan $Patience
            Assert-Quiet $slow 500
        }
        finally {
            $slow | Stop-ExportSandbox
        }
    }

    It 'ends New-GroupExport at the first of its jobs' {
        $first = New-GroupExport -GroupId $sandbox.GroupId, asthma-2026, hypertension-2026 | Select-Object -First 1
        $first.GroupId | Should -Be $sandbox.GroupId
        Assert-Quiet $sandbox 250
    }
}

Describe '-ErrorAction Stop' {
    BeforeAll {
        $sandbox = Start-TestSandbox
        $sandbox | Connect-GroupExport | Out-Null
    }

    AfterAll {
        Disconnect-GroupExport
        $sandbox | Stop-ExportSandbox
    }

    It 'ends <Command> at the first failure, and its other work' -ForEach @(
        @{ Command = 'Get-ExportStatus'; With = { @{ Wait = $true; MinPollInterval = 0.1; MaxPollInterval = 0.1 } } }
        @{ Command = 'Save-ExportFiles'; With = { @{ Path = { Join-Path $TestDrive "stop-$($_.GroupId)" }; MinPollInterval = 0.1; MaxPollInterval = 0.1 } } }
    ) {
        $slow = Start-TestSandbox -ExportDuration 3600 -RetryAfter 0
        try {
            $other = $slow | Connect-GroupExport
            $waiting = New-GroupExport -Connection $other -GroupId asthma-2026
            $sandbox | Connect-GroupExport | Out-Null
            $gone = New-GroupExport -GroupId $sandbox.GroupId
            $gone | Remove-GroupExport
            $arguments = & $With
            $clock = [Diagnostics.Stopwatch]::StartNew()
            { $waiting, $gone | & $Command @arguments -ErrorAction Stop } | Should -Throw -ErrorId (Get-FullErrorId JobNotFound $Command)
            $clock.Elapsed | Should -BeLessThan $Patience
            Assert-Quiet $slow 500
        }
        finally {
            $slow | Stop-ExportSandbox
        }
    }
}

Describe 'A killed process' {
    BeforeAll {
        $sandbox = Start-TestSandbox -With @{ Fault = 'StalledFile' }
        $sandbox | Connect-GroupExport | Out-Null
        $folder = Join-Path $TestDrive 'killed'
        $script = New-ChildScript -With ((Get-SandboxAddress $sandbox) + @{ Folder = $folder }) -Script {
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            New-GroupExport -GroupId $with.GroupId | Save-ExportFiles -Path $with.Folder -ThrottleLimit 2
        }
        $child = Start-Process $PwshPath -ArgumentList '-NoProfile', '-NonInteractive', '-File', "`"$script`"" -PassThru -RedirectStandardOutput (Join-Path $TestDrive 'killed.txt')
        # Its length only: a reader must not meet the writer.
        Wait-Until { (Get-Item (Join-Path $folder 'export.journal') -ErrorAction Ignore).Length -gt 0 -and $sandbox.FaultCounts['StalledFile'] -eq 1 } 'a file is saved and recorded, and another does not come to its end'
    }

    AfterAll {
        if (-not $child.HasExited) { $child.Kill() }
        Disconnect-GroupExport
        $sandbox | Stop-ExportSandbox
    }

    It 'holds its folder while it runs: FolderInUse' {
        $requests = (Get-KickOff $sandbox).Count
        $failure = Get-Failure { Get-ExportReceipt $folder | Save-ExportFiles }
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId FolderInUse Save-ExportFiles)
        $failure.CategoryInfo.Category | Should -Be 'ResourceBusy'
        $failure.TargetObject.StatusUrl | Should -Be (Get-ExportReceipt $folder).StatusUrl
        (Get-KickOff $sandbox).Count | Should -Be $requests
        $child.HasExited | Should -BeFalse
    }

    It 'leaves a receipt that can be gone on from, with exactly one kick-off' {
        Stop-Process -Id $child.Id -Force
        $child.WaitForExit([int] $Patience.TotalMilliseconds) | Should -BeTrue
        $receipt = Get-ExportReceipt $folder
        $receipt.State | Should -Be 'Incomplete'
        $receipt.SavedCount | Should -BeGreaterThan 0
        $receipt.SavedCount | Should -BeLessThan $receipt.FileCount

        $saved = $receipt | Save-ExportFiles -ThrottleLimit 16
        $saved | Should -HaveCount $receipt.FileCount
        $saved | Where-Object State -EQ 'AlreadySaved' | Should -HaveCount $receipt.SavedCount
        $after = Get-ExportReceipt $folder
        $after.State | Should -Be 'Complete'
        foreach ($file in $after.Files) {
            (Get-FileHash $file.Path).Hash | Should -Be $file.Sha256
        }

        Get-ChildItem $folder -Recurse -Filter '*.part' | Should -BeNullOrEmpty
        (Get-KickOff $sandbox) | Should -HaveCount 1
    }
}
