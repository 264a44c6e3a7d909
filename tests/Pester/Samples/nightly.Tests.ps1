# Some nights run as a scheduler runs them, in a process of their own; the others in this one. The practice server is always in this one.

BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    . (Join-Path $PSScriptRoot 'SampleRun.ps1')
}

AfterAll {
    $env:PSModulePath = $modulePathBefore
    Disconnect-GroupExport
}

Describe 'nightly.ps1' {
    BeforeEach { $path = Join-Path $TestDrive "$([guid]::NewGuid())" }
    AfterEach { if ($sandbox) { $sandbox | Stop-ExportSandbox } }

    It 'exports everything the first night, and what has changed the second' {
        $sandbox = Start-TestSandbox
        $first = Invoke-NightlyProcess $sandbox $path
        $second = Invoke-NightlyProcess $sandbox $path
        $first.ExitCode, $second.ExitCode | Should -Be 0, 0 -Because ($first.Text + $second.Text)

        $nights = @(Get-Night $path)
        $nights.State | Should -Be 'Complete', 'Complete'
        $kickOffs = @(Get-KickOff $sandbox)
        $kickOffs | Should -HaveCount 2
        Get-SinceOf $kickOffs[0] | Should -BeNullOrEmpty
        Get-SinceOf $kickOffs[1] | Should -BeExactly $nights[0].TransactionTime
        @(Get-Removal $sandbox) | Should -HaveCount 2

        # The first line is the subject of a mail, and what was deleted is told.
        $first.Text.Split("`n")[0] | Should -Match "group $($sandbox.GroupId): complete"
        $second.Text | Should -Match '(?m)^Deleted +2 bundles of deleted resources'
        Get-Content -Raw (Join-Path $path 'summary.txt') | Should -BeLike "*Since     $($nights[0].TransactionTime)*"
        $second.Text | Should -Not -Match 'FULL EXPORT'
    }

    It 'goes on from the night before in a folder whose name has spaces and brackets' {
        $sandbox = Start-TestSandbox
        $path = "$path my [1] nights"
        $first = Invoke-Nightly $sandbox $path
        $second = Invoke-Nightly $sandbox $path
        $first.ExitCode, $second.ExitCode | Should -Be 0, 0 -Because ($first.Text + $second.Text)
        Get-SinceOf @(Get-KickOff $sandbox)[1] | Should -Not -BeNullOrEmpty
        @(Get-Removal $sandbox) | Should -HaveCount 2
    }

    It 'shows and logs no patient, and keeps everything for its owner' {
        $sandbox = Start-TestSandbox
        $run = Invoke-NightlyProcess $sandbox $path -More '-Type', 'Patient,Observation'
        (Get-KickOff $sandbox).Body | Should -BeLike '*"_type":"Patient,Observation"*'
        $told = $run.Text + (Get-Content -Raw (Join-Path $path 'nightly.log'))
        $ids = @(Get-PatientIdIn $path)
        $ids | Should -HaveCount 5
        foreach ($id in $ids) { $told | Should -Not -Match $id }
        if (-not $IsWindows) {
            foreach ($item in @(Get-Item $path) + @(Get-ChildItem $path -Recurse -Force)) {
                [int] ([IO.File]::GetUnixFileMode($item.FullName) -band 0x3F) | Should -Be 0 -Because "$item is for its owner alone"
            }
        }
    }

    It 'that is killed while it saves finishes that export the next night, and goes on from it' {
        $sandbox = Start-TestSandbox -With @{ Fault = 'StalledFile' }
        $child = Start-Process $PwshPath -ArgumentList (Get-NightlyArgument $sandbox $path | ForEach-Object { "`"$_`"" }) -PassThru -RedirectStandardOutput (Join-Path $TestDrive 'killed.txt')
        try {
            Wait-Until { (Test-Path $path) -and (Get-Night $path).SavedCount -ge 9 -and $sandbox.FaultCounts['StalledFile'] -eq 1 }
            $child.Kill()
            $child.WaitForExit()
        }
        finally { if (-not $child.HasExited) { $child.Kill() } }
        (Get-Night $path).State | Should -Be 'Incomplete'
        @(Get-FileRequest $sandbox).Count | Should -BeGreaterThan 9
        $sandbox.ClearRequests()

        $next = Invoke-NightlyProcess $sandbox $path
        $next.ExitCode | Should -Be 0 -Because $next.Text
        $nights = @(Get-Night $path)
        $nights.State | Should -Be 'Complete', 'Complete'
        Get-SinceOf (Get-KickOff $sandbox) | Should -BeExactly $nights[0].TransactionTime
        $next.Text | Should -Match 'which an earlier run left unfinished, is now Complete'
        @(Get-FileRequest $sandbox).Count | Should -BeLessOrEqual 3 -Because 'only what was missing is fetched, and what was deleted'
        @(Get-Removal $sandbox) | Should -HaveCount 2
    }

    It 'that waited in vain goes on with the same export, and does not start another' {
        $sandbox = Start-TestSandbox -ExportDuration 6
        $night = Invoke-Nightly $sandbox $path -With @{ TimeoutHours = 0.0001 }
        $night.ExitCode | Should -Be 2 -Because $night.Text
        $night.Text | Should -Match 'INCOMPLETE(?s).*WaitTimeout: Pipe the job'
        $again = Invoke-Nightly $sandbox $path -With @{ TimeoutHours = 0.0001 }
        $again.ExitCode | Should -Be 2 -Because $again.Text
        @(Get-KickOff $sandbox) | Should -HaveCount 1
        @(Get-ChildItem $path -Directory) | Should -HaveCount 1
    }

    It 'finds an export again whose folder was never made' {
        $sandbox = Start-TestSandbox
        $sandbox | Connect-GroupExport | Out-Null
        $null = New-GroupExport -GroupId $sandbox.GroupId -JobFile (Join-Path $path 'nightly.json')
        $run = Invoke-Nightly $sandbox $path
        $run.ExitCode | Should -Be 0 -Because $run.Text
        $nights = @(Get-Night $path)
        $nights.State | Should -Be 'Complete', 'Complete'
        Get-SinceOf @(Get-KickOff $sandbox)[1] | Should -BeExactly $nights[0].TransactionTime
    }

    Context 'after two nights' {
        BeforeAll {
            $kept = Start-TestSandbox
            $twoNights = Join-Path $TestDrive 'two-nights'
            Invoke-Nightly $kept $twoNights | ForEach-Object ExitCode | Should -Be 0
            Invoke-Nightly $kept $twoNights | ForEach-Object ExitCode | Should -Be 0
        }

        AfterAll { $kept | Stop-ExportSandbox }

        It 'never goes on from a night that missed something: <Name>' -ForEach @(
            @{ Name = 'a file is gone'; Spoil = { param($folder) Get-ChildItem $folder -Recurse -Filter *.ndjson | Select-Object -First 1 | Remove-Item -Force } }
            @{ Name = 'a file is damaged'; Spoil = {
                    param($folder)
                    $file = Get-ChildItem $folder -Recurse -Filter *.ndjson | Select-Object -First 1
                    $time = $file.LastWriteTimeUtc
                    $bytes = [IO.File]::ReadAllBytes($file.FullName)
                    $bytes[10] = $bytes[10] -bxor 1
                    [IO.File]::WriteAllBytes($file.FullName, $bytes)
                    $file.LastWriteTimeUtc = $time
                }
            }
            @{ Name = 'its receipt is damaged'; Spoil = { param($folder) $file = Join-Path $folder 'export.json'; (Get-Content -Raw $file).Replace('"state": "Complete"', '"state": "CompletedWithErrors"') | Set-Content $file } }
        ) {
            Copy-Item $twoNights $path -Recurse
            $before = @(Get-Night $path)
            $before.State | Should -Be 'Complete', 'Complete'
            & $Spoil $before[1].Path
            $kept.ClearRequests()

            $third = Invoke-Nightly $kept $path
            $third.ExitCode | Should -Be 0 -Because $third.Text
            Get-SinceOf (Get-KickOff $kept) | Should -BeExactly $before[0].TransactionTime
        }
    }

    It 'exports everything after a night with errors of the server, and says so' {
        $sandbox = Start-TestSandbox -With @{ Fault = 'ErrorOutcome' }
        $first = Invoke-Nightly $sandbox $path
        $first.ExitCode | Should -Be 1 -Because $first.Text
        $first.Text | Should -Match 'COMPLETED WITH ERRORS(?s).*Server +reports 1 errors?.*- ServerReportedErrors: '
        @(Get-Removal $sandbox) | Should -HaveCount 0 -Because 'somebody may have to look'
        $second = Invoke-Nightly $sandbox $path
        $second.ExitCode | Should -Be 0 -Because $second.Text
        $second.Text | Should -Match 'FULL EXPORT'
        Get-SinceOf @(Get-KickOff $sandbox)[1] | Should -BeNullOrEmpty
    }

    It 'exports everything when it is to export something else, and says so' {
        $sandbox = Start-TestSandbox
        $null = Invoke-Nightly $sandbox $path -With @{ Type = 'Patient' }
        $second = Invoke-Nightly $sandbox $path -With @{ Type = 'Patient,Condition' }
        $second.ExitCode | Should -Be 0 -Because $second.Text
        $second.Text | Should -Match 'FULL EXPORT'
        Get-SinceOf @(Get-KickOff $sandbox)[1] | Should -BeNullOrEmpty

        # An export of the first kind still goes on from the first.
        $null = Invoke-Nightly $sandbox $path -With @{ Type = 'Patient' }
        Get-SinceOf @(Get-KickOff $sandbox)[2] | Should -BeExactly @(Get-Night $path)[0].TransactionTime
    }

    It 'fails when the export fails at the server, and goes on from the last complete night' {
        $sandbox = Start-TestSandbox -With @{ Fault = 'JobFailed' }
        $first = Invoke-Nightly $sandbox $path
        $first.ExitCode | Should -Be 3 -Because $first.Text
        $first.Text | Should -Match 'FAILED(?s).*- ExportFailed: '
        $second = Invoke-Nightly $sandbox $path
        $second.ExitCode | Should -Be 0 -Because $second.Text
    }

    It 'goes on from the last complete night when the server forgot the job' {
        $sandbox = Start-TestSandbox -ExportDuration 0.5
        $null = Invoke-Nightly $sandbox $path
        (Invoke-Nightly $sandbox $path -With @{ TimeoutHours = 0.00001 }).ExitCode | Should -Be 2
        $sandbox | Connect-GroupExport | Out-Null
        $nights = @(Get-Night $path)
        Remove-GroupExport $nights[1].StatusUrl -Force

        $third = Invoke-Nightly $sandbox $path
        $third.ExitCode | Should -Be 0 -Because $third.Text
        $third.Text | Should -Match 'cannot be finished \(JobNotFound\)'
        Get-SinceOf @(Get-KickOff $sandbox)[2] | Should -BeExactly $nights[0].TransactionTime
    }

    It 'gives an export up that is not finished after days, cancels it, and says so' {
        $sandbox = Start-TestSandbox -ExportDuration 3600
        (Invoke-Nightly $sandbox $path -With @{ TimeoutHours = 0.00001 }).ExitCode | Should -Be 2
        $second = Invoke-Nightly $sandbox $path -With @{ TimeoutHours = 0.00001; GiveUpAfterDays = 0 }
        $second.ExitCode | Should -Be 2 -Because $second.Text
        $second.Text | Should -Match 'GIVEN UP'
        @(Get-Removal $sandbox) | Should -HaveCount 1
        @(Get-KickOff $sandbox) | Should -HaveCount 2
    }

    It 'sets an export aside whose count stays wrong, keeps it, and goes on' {
        $sandbox = Start-TestSandbox -With @{ Fault = 'CountMismatch=all' }
        $first = Invoke-Nightly $sandbox $path
        $first.ExitCode | Should -Be 2 -Because $first.Text
        $first.Text | Should -Not -Match 'COUNT MISMATCH'
        $second = Invoke-Nightly $sandbox $path
        $second.ExitCode | Should -Be 2 -Because $second.Text
        $second.Text | Should -Match 'COUNT MISMATCH: the export of .* holds \S+\.invalid with \d+ resources, again'
        @(Get-KickOff $sandbox) | Should -HaveCount 2
        Get-SinceOf @(Get-KickOff $sandbox)[1] | Should -BeNullOrEmpty
        @(Get-Night $path) | Should -HaveCount 2
        Get-ChildItem $path -Filter '*.given-up.json' | Should -HaveCount 1
    }

    It 'does not say that an incremental export which it finishes is of everything' {
        $sandbox = Start-TestSandbox -ExportDuration 3
        (Invoke-Nightly $sandbox $path).ExitCode | Should -Be 0
        (Invoke-Nightly $sandbox $path -With @{ TimeoutHours = 0.0001 }).ExitCode | Should -Be 2
        $third = Invoke-Nightly $sandbox $path -With @{ TimeoutHours = 0.0001 }
        $third.ExitCode | Should -Be 2 -Because $third.Text
        $third.Text | Should -Match '(?m)^Since +an earlier export'
        $third.Text | Should -Not -Match 'the beginning'
    }

    It 'fails when the server refuses the request' {
        $sandbox = Start-TestSandbox
        $other = [pscustomobject]@{ GroupId = 'nobody'; BaseUri = $sandbox.BaseUri; DestinationSlug = $sandbox.DestinationSlug; EnvironmentFlag = $sandbox.EnvironmentFlag }
        $run = Invoke-Nightly $other $path
        $run.ExitCode | Should -Be 3 -Because $run.Text
        $run.Text | Should -Match '- KickOffRejected: '
        Get-Content -Raw (Join-Path $path 'nightly.log') | Should -Match 'ERROR +KickOffRejected: .*There is no group'
        $run.Text | Should -Not -Match 'There is no' -Because 'the words of the server stand in the log alone'
    }

    It 'fails when nobody knows what came of the last kick-off, until somebody looks' {
        $sandbox = Start-TestSandbox -With @{ Fault = 'KickOffCut' }
        (Invoke-NightlyProcess $sandbox $path).ExitCode | Should -Be 3
        $second = Invoke-NightlyProcess $sandbox $path
        $second.ExitCode | Should -Be 3
        $second.Text | Should -Match '- KickOffUncertain: Look at the server'
        @(Get-KickOff $sandbox) | Should -HaveCount 1
        (Invoke-NightlyProcess $sandbox $path -More '-Force').ExitCode | Should -Be 0
    }

    It 'calls for somebody when an export runs that it may not go on with' {
        $sandbox = Start-TestSandbox -ExportDuration 3600 -With @{ Authorization = 'ClientSecret' }
        $to = @{ BaseUri = $sandbox.BaseUri; DestinationSlug = $sandbox.DestinationSlug; EnvironmentFlag = $sandbox.EnvironmentFlag }
        $nightly = @{ GroupId = $sandbox.GroupId; Path = $path; TimeoutHours = 0.00001 }
        Connect-GroupExport @to -Credential ([pscredential]::new($sandbox.ClientId, $sandbox.ClientSecret)) | Out-Null
        $null = & (Join-Path $samples 'nightly.ps1') @nightly
        $LASTEXITCODE | Should -Be 2
        Connect-GroupExport @to -Credential ([pscredential]::new($sandbox.ClientId, ('x' | ConvertTo-SecureString -AsPlainText -Force))) | Out-Null
        $summary = & (Join-Path $samples 'nightly.ps1') @nightly
        $LASTEXITCODE | Should -Be 3 -Because $summary
        $summary | Should -Match 'FAILED(?s).*InvalidClient'
        @(Get-KickOff $sandbox) | Should -HaveCount 1
    }

    It 'calls for somebody when its job file is damaged, and says which file that is' {
        $sandbox = Start-TestSandbox
        (Invoke-Nightly $sandbox $path).ExitCode | Should -Be 0
        $jobFile = Join-Path $path 'nightly.json'
        Set-Content $jobFile '{"state":'
        $sandbox.ClearRequests()
        $run = Invoke-Nightly $sandbox $path
        $run.ExitCode | Should -Be 3
        $run.Text | Should -BeLike "*DAMAGED: $jobFile*"
        Get-KickOff $sandbox | Should -BeNullOrEmpty
    }

    It 'does not go on from a first night in which nothing came' {
        $sandbox = Start-TestSandbox
        $first = Invoke-Nightly $sandbox $path -With @{ Type = 'Medication' }
        $first.ExitCode | Should -Be 0 -Because $first.Text
        $first.Text | Should -Match 'EMPTY: '
        $null = Invoke-Nightly $sandbox $path -With @{ Type = 'Medication' }
        Get-SinceOf @(Get-KickOff $sandbox)[1] | Should -BeNullOrEmpty
    }

    It 'exports everything when it is told to' {
        $sandbox = Start-TestSandbox
        $null = Invoke-Nightly $sandbox $path
        $second = Invoke-Nightly $sandbox $path -With @{ Full = $true }
        $second.ExitCode | Should -Be 0 -Because $second.Text
        $second.Text | Should -Match 'FULL EXPORT, as asked for'
        Get-SinceOf @(Get-KickOff $sandbox)[1] | Should -BeNullOrEmpty
    }

    It 'leaves a run alone that is at work' {
        $sandbox = Start-TestSandbox
        $null = New-Item -ItemType Directory $path
        $lock = [IO.File]::Open((Join-Path $path 'nightly.lock'), 'OpenOrCreate', 'ReadWrite', 'None')
        try { $run = Invoke-NightlyProcess $sandbox $path } finally { $lock.Dispose() }
        $run.ExitCode | Should -Be 2
        $run.Text | Should -Match 'another run is at work'
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'deletes what is old after a complete night, and only then' {
        $sandbox = Start-TestSandbox -With @{ Fault = 'JobFailed' }
        (Invoke-NightlyProcess $sandbox $path -More '-KeepDays', '0.0000001').ExitCode | Should -Be 3
        @(Get-ChildItem $path -Directory) | Should -HaveCount 1
        (Invoke-NightlyProcess $sandbox $path -More '-KeepDays', '0.0000001').ExitCode | Should -Be 0
        @(Get-ChildItem $path -Directory) | Should -HaveCount 1
        (Get-Night $path).State | Should -Be 'Complete'
    }

    It 'does not ask for what was left out, but fails' {
        $run = Invoke-Child -NoImport -With @{ Script = (Join-Path $samples 'nightly.ps1') } -Script { & $with.Script -GroupId x; exit $LASTEXITCODE }
        $run.ExitCode | Should -Be 3
        $run.Text | Should -Match '-Path'
    }
}
