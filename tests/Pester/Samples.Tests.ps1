# The samples, as a scheduler runs them: in a process of their own, against a practice server of this one.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $samples = Join-Path $RepositoryRoot 'samples'

    # Where '#Requires -Modules GroupExport' finds the staged module.
    $modulePathBefore = $env:PSModulePath
    $env:PSModulePath = (Join-Path $RepositoryRoot 'output') + [IO.Path]::PathSeparator + $env:PSModulePath

    # The arguments of a child process that runs nightly.ps1 against a sandbox.
    function Get-NightlyArgument {
        param($Sandbox, [string] $Path, [string[]] $More)
        @('-NoProfile', '-NonInteractive', '-File', (Join-Path $samples 'nightly.ps1'), '-GroupId', $Sandbox.GroupId, '-Path', $Path,
            '-BaseUri', $Sandbox.BaseUri, '-DestinationSlug', $Sandbox.DestinationSlug, '-EnvironmentFlag', $Sandbox.EnvironmentFlag) + $More
    }

    function Invoke-Nightly {
        param($Sandbox, [string] $Path, [string[]] $More)
        $arguments = Get-NightlyArgument $Sandbox $Path $More
        $output = & $PwshPath @arguments 2>&1
        [pscustomobject]@{ ExitCode = $LASTEXITCODE; Text = ($output | Out-String) }
    }

    # Folders of exports, the first first.
    function Get-Night {
        param([string] $Path)
        Get-ChildItem $Path -Directory | Where-Object { $_.Name -match '^\d{4}-\d\d-\d\d_\d{6}\.\d{3}$' -and (Test-Path (Join-Path $_ 'export.json')) } |
            Sort-Object Name | ForEach-Object { Get-ExportReceipt $_.FullName }
    }

    function Get-SinceOf {
        param($Request)
        Get-BodyField $Request.Body '_since'
    }

    function Get-Removal {
        param($Sandbox)
        $Sandbox.Requests | Where-Object Method -EQ 'DELETE'
    }

    # The values that must be shown nowhere: patients' ids.
    function Get-PatientIdIn {
        param([string] $Folder)
        Get-ChildItem $Folder -Recurse -Filter 'Patient.*.ndjson' | Get-Content | ForEach-Object { ($_ | ConvertFrom-Json).id }
    }
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
        $first = Invoke-Nightly $sandbox $path
        $second = Invoke-Nightly $sandbox $path
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

    It 'shows and logs no patient, and keeps everything for its owner' {
        $sandbox = Start-TestSandbox
        $run = Invoke-Nightly $sandbox $path -More '-Type', 'Patient,Observation'
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

        $next = Invoke-Nightly $sandbox $path
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
        $night = Invoke-Nightly $sandbox $path -More '-TimeoutHours', '0.0001'
        $night.ExitCode | Should -Be 2 -Because $night.Text
        $night.Text | Should -Match 'INCOMPLETE(?s).*WaitTimeout: Pipe the job'
        $again = Invoke-Nightly $sandbox $path -More '-TimeoutHours', '0.0001'
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
        @{ Name = 'the server reported errors'; Spoil = { param($folder) $file = Join-Path $folder 'export.json'; (Get-Content -Raw $file).Replace('"state": "Complete"', '"state": "CompletedWithErrors"') | Set-Content $file } }
    ) {
        $sandbox = Start-TestSandbox
        Invoke-Nightly $sandbox $path | ForEach-Object ExitCode | Should -Be 0
        Invoke-Nightly $sandbox $path | ForEach-Object ExitCode | Should -Be 0
        $before = @(Get-Night $path)
        & $Spoil $before[1].Path
        $sandbox.ClearRequests()

        $third = Invoke-Nightly $sandbox $path
        $third.ExitCode | Should -Be 0 -Because $third.Text
        Get-SinceOf (Get-KickOff $sandbox) | Should -BeExactly $before[0].TransactionTime
    }

    It 'exports everything after a night with errors of the server, and says so' {
        $sandbox = Start-TestSandbox -With @{ Fault = 'ErrorOutcome' }
        $first = Invoke-Nightly $sandbox $path
        $first.ExitCode | Should -Be 1 -Because $first.Text
        $first.Text | Should -Match 'COMPLETED WITH ERRORS(?s).*Server +reports 1 errors.*- ServerReportedErrors: '
        @(Get-Removal $sandbox) | Should -HaveCount 0 -Because 'somebody may have to look'
        $second = Invoke-Nightly $sandbox $path
        $second.ExitCode | Should -Be 0 -Because $second.Text
        $second.Text | Should -Match 'FULL EXPORT'
        Get-SinceOf @(Get-KickOff $sandbox)[1] | Should -BeNullOrEmpty
    }

    It 'exports everything when it is to export something else, and says so' {
        $sandbox = Start-TestSandbox
        $null = Invoke-Nightly $sandbox $path -More '-Type', 'Patient'
        $second = Invoke-Nightly $sandbox $path -More '-Type', 'Patient,Condition'
        $second.ExitCode | Should -Be 0 -Because $second.Text
        $second.Text | Should -Match 'FULL EXPORT'
        Get-SinceOf @(Get-KickOff $sandbox)[1] | Should -BeNullOrEmpty

        # An export of the first kind still goes on from the first.
        $null = Invoke-Nightly $sandbox $path -More '-Type', 'Patient'
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
        (Invoke-Nightly $sandbox $path -More '-TimeoutHours', '0.00001').ExitCode | Should -Be 2
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
        (Invoke-Nightly $sandbox $path -More '-TimeoutHours', '0.00001').ExitCode | Should -Be 2
        $second = Invoke-Nightly $sandbox $path -More '-TimeoutHours', '0.00001', '-GiveUpAfterDays', '0'
        $second.ExitCode | Should -Be 2 -Because $second.Text
        $second.Text | Should -Match 'GIVEN UP'
        @(Get-Removal $sandbox) | Should -HaveCount 1
        @(Get-KickOff $sandbox) | Should -HaveCount 2
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
        (Invoke-Nightly $sandbox $path).ExitCode | Should -Be 3
        $second = Invoke-Nightly $sandbox $path
        $second.ExitCode | Should -Be 3
        $second.Text | Should -Match '- KickOffUncertain: Look at the server'
        @(Get-KickOff $sandbox) | Should -HaveCount 1
        (Invoke-Nightly $sandbox $path -More '-Force').ExitCode | Should -Be 0
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

    It 'does not go on from a first night in which nothing came' {
        $sandbox = Start-TestSandbox
        $first = Invoke-Nightly $sandbox $path -More '-Type', 'Medication'
        $first.ExitCode | Should -Be 0 -Because $first.Text
        $first.Text | Should -Match 'EMPTY: '
        $null = Invoke-Nightly $sandbox $path -More '-Type', 'Medication'
        Get-SinceOf @(Get-KickOff $sandbox)[1] | Should -BeNullOrEmpty
    }

    It 'exports everything when it is told to' {
        $sandbox = Start-TestSandbox
        $null = Invoke-Nightly $sandbox $path
        $second = Invoke-Nightly $sandbox $path -More '-Full'
        $second.ExitCode | Should -Be 0 -Because $second.Text
        $second.Text | Should -Match 'FULL EXPORT, as asked for'
        Get-SinceOf @(Get-KickOff $sandbox)[1] | Should -BeNullOrEmpty
    }

    It 'leaves a run alone that is at work' {
        $sandbox = Start-TestSandbox
        $null = New-Item -ItemType Directory $path
        $lock = [IO.File]::Open((Join-Path $path 'nightly.lock'), 'OpenOrCreate', 'ReadWrite', 'None')
        try { $run = Invoke-Nightly $sandbox $path } finally { $lock.Dispose() }
        $run.ExitCode | Should -Be 2
        $run.Text | Should -Match 'another run is at work'
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'deletes what is old after a complete night, and only then' {
        $sandbox = Start-TestSandbox -With @{ Fault = 'JobFailed' }
        (Invoke-Nightly $sandbox $path -More '-KeepDays', '0.00001').ExitCode | Should -Be 3
        @(Get-ChildItem $path -Directory) | Should -HaveCount 1
        (Invoke-Nightly $sandbox $path -More '-KeepDays', '0.00001').ExitCode | Should -Be 0
        @(Get-ChildItem $path -Directory) | Should -HaveCount 1
        (Get-Night $path).State | Should -Be 'Complete'
    }

    It 'does not ask for what was left out, but fails' {
        $run = Invoke-Child -NoImport -With @{ Script = (Join-Path $samples 'nightly.ps1') } -Script { & $with.Script -GroupId x; exit $LASTEXITCODE }
        $run.ExitCode | Should -Be 3
        $run.Text | Should -Match '-Path'
    }
}

Describe 'incremental-group.ps1' {
    BeforeAll {
        function Invoke-Membership {
            param([hashtable] $With = @{})
            $output = & (Join-Path $samples 'incremental-group.ps1') -GroupId $sandbox.GroupId -Path $path @With 2>&1 3>&1
            [pscustomobject]@{ ExitCode = $LASTEXITCODE; Text = ($output | Out-String) }
        }

        # As if the last run had found other members.
        function Edit-Membership {
            param([string[]] $Without = @(), [string[]] $Further = @())
            $file = Join-Path $path 'membership.json'
            $state = Get-Content -Raw $file | ConvertFrom-Json
            $state.members = @($state.members | Where-Object { $_ -notin $Without }) + $Further
            $state | ConvertTo-Json | Set-Content $file
        }

        function Get-Member { (Get-Content -Raw (Join-Path $path 'membership.json') | ConvertFrom-Json).members }

        function Get-LastRun { Get-ChildItem $path -Directory | Sort-Object Name | Select-Object -Last 1 }
    }

    BeforeEach {
        $path = Join-Path $TestDrive "$([guid]::NewGuid())"
        $sandbox = Start-TestSandbox
        $sandbox | Connect-GroupExport | Out-Null
    }

    AfterEach { $sandbox | Stop-ExportSandbox }

    It 'exports who joined whole, who stayed with what has changed, and tells who left' {
        $first = Invoke-Membership
        $first.ExitCode | Should -Be 0 -Because $first.Text
        $since = (Get-ExportReceipt (Join-Path (Get-LastRun) 'whole')).TransactionTime
        $all = Get-Member
        $all | Should -HaveCount 5
        Edit-Membership -Without $all[0], $all[1] -Further 'left-1'
        $sandbox.ClearRequests()

        $second = Invoke-Membership
        $second.ExitCode | Should -Be 0 -Because $second.Text
        $second.Text | Should -Match '5 members: 2 joined, 1 left'
        $bodies = @((Get-KickOff $sandbox).Body)
        $bodies | Should -HaveCount 3
        Get-BodyField $bodies[0] '_elements' | Should -BeExactly 'id'
        Get-BodyField $bodies[1] '_since' | Should -BeExactly $since
        Get-BodyField $bodies[1] 'patient' | Should -BeNullOrEmpty
        Get-BodyField $bodies[2] 'patient' | Should -BeExactly "Patient/$($all[0]),Patient/$($all[1])"
        Get-BodyField $bodies[2] '_since' | Should -BeNullOrEmpty -Because 'the history from before they joined comes too'
        Get-Content (Join-Path (Get-LastRun) 'left.txt') | Should -BeExactly 'left-1'
        Get-Member | Sort-Object | Should -BeExactly ($all | Sort-Object)
        foreach ($id in $all) { ($first.Text + $second.Text) | Should -Not -Match $id }
        if (-not $IsWindows) { [int] [IO.File]::GetUnixFileMode((Join-Path $path 'membership.json')) | Should -Be 0x180 }

        # The third run counts from the second.
        $from = (Get-ExportReceipt (Join-Path (Get-LastRun) 'changed')).TransactionTime
        $sandbox.ClearRequests()
        $null = Invoke-Membership
        Get-BodyField @((Get-KickOff $sandbox).Body)[1] '_since' | Should -BeExactly $from
    }

    It 'takes nobody for a member whom the server did not send' {
        $null = Invoke-Membership
        $all = Get-Member
        Edit-Membership -Without $all[0]

        # A server that sends somebody else.
        function New-GroupExport {
            [CmdletBinding()]
            param($GroupId, $Element, $Type, $Since, $Patient, $JobFile)
            if ($Patient) { $PSBoundParameters.Patient = "Patient/$($all[1])" }
            GroupExport\New-GroupExport @PSBoundParameters
        }
        $run = Invoke-Membership
        $run.ExitCode | Should -Be 1 -Because $run.Text
        $run.Text | Should -Match 'did not send 1 of those who joined'
        Get-Member | Sort-Object | Should -BeExactly ($all[1..4] | Sort-Object)
        Remove-Item Function:\New-GroupExport
        $sandbox.ClearRequests()

        $run = Invoke-Membership
        $run.ExitCode | Should -Be 0 -Because $run.Text
        Get-BodyField @((Get-KickOff $sandbox).Body)[2] 'patient' | Should -BeExactly "Patient/$($all[0])"
        Get-Member | Sort-Object | Should -BeExactly ($all | Sort-Object)
    }

    It 'exports the whole group where the server takes no -Patient, and says so' {
        # This style can only GET, and a GET has no patients.
        $sandbox | Connect-GroupExport -RequestStyle FhirQuery | Out-Null
        $null = Invoke-Membership
        $all = Get-Member
        Edit-Membership -Without $all[0]
        $sandbox.ClearRequests()

        $run = Invoke-Membership
        $run.ExitCode | Should -Be 0 -Because $run.Text
        $run.Text | Should -Match 'Everything of the whole group is exported'
        $last = @(Get-KickOff $sandbox)[-1]
        $last.Query | Should -Not -Match '_since'
        Get-Member | Should -Contain $all[0]
        (Get-ExportReceipt (Join-Path (Get-LastRun) 'whole')).State | Should -Be 'Complete'
    }

    It 'keeps the old members and starting point until all is complete' {
        $null = Invoke-Membership
        $all = Get-Member
        $since = (Get-ExportReceipt (Join-Path (Get-LastRun) 'whole')).TransactionTime
        Edit-Membership -Without $all[0]
        $state = Get-Content -Raw (Join-Path $path 'membership.json')

        # It ends before those who joined are there; the members and the changed are.
        function Save-ExportFiles {
            begin { $kept = @() }
            process { $kept += $_ }
            end { if ("$args" -match 'joined') { throw 'killed' } else { $kept | GroupExport\Save-ExportFiles @args } }
        }
        $run = Invoke-Membership
        $run.ExitCode | Should -Be 2 -Because $run.Text
        Get-Content -Raw (Join-Path $path 'membership.json') | Should -BeExactly $state
        Remove-Item Function:\Save-ExportFiles
        $sandbox.ClearRequests()

        # The next run goes on with it, and starts nothing again.
        $run = Invoke-Membership
        $run.ExitCode | Should -Be 0 -Because $run.Text
        Get-KickOff $sandbox | Should -BeNullOrEmpty
        Get-Member | Should -Contain $all[0]
        Get-PatientIdIn (Join-Path (Get-LastRun) 'joined') | Should -BeExactly $all[0]
        (Get-ExportReceipt (Join-Path (Get-LastRun) 'changed')).Parameters | Should -Be '_since'
        $since | Should -Not -BeNullOrEmpty
    }

    It 'that is interrupted while it exports the whole group instead goes on with that' {
        $null = Invoke-Membership
        $all = Get-Member
        Edit-Membership -Without $all[0]
        function New-GroupExport {
            [CmdletBinding()]
            param($GroupId, $Element, $Type, $Since, $Patient, $JobFile)
            if ($Patient) { $PSBoundParameters.Patient = 'Patient/nobody' }
            GroupExport\New-GroupExport @PSBoundParameters
        }
        function Save-ExportFiles {
            begin { $kept = @() }
            process { $kept += $_ }
            end { if ("$args" -match 'whole') { throw 'killed' } else { $kept | GroupExport\Save-ExportFiles @args } }
        }
        $run = Invoke-Membership
        $run.ExitCode | Should -Be 2 -Because $run.Text
        Remove-Item Function:\Save-ExportFiles, Function:\New-GroupExport
        $sandbox.ClearRequests()

        $run = Invoke-Membership
        $run.ExitCode | Should -Be 0 -Because $run.Text
        Get-KickOff $sandbox | Should -BeNullOrEmpty
        (Get-ExportReceipt (Join-Path (Get-LastRun) 'whole')).State | Should -Be 'Complete'
        Get-Member | Should -Contain $all[0]
    }

    It 'does not count from a run in which everything was asked for and nothing came' {
        $null = Invoke-Membership -With @{ Type = 'Medication' }
        $sandbox.ClearRequests()
        $run = Invoke-Membership -With @{ Type = 'Medication' }
        $run.ExitCode | Should -Be 0 -Because $run.Text
        (Get-KickOff $sandbox).Body | Should -Not -Match '_since'
        $run.Text | Should -Match 'Everything of the whole group'
    }

    It 'takes nobody for gone when the list of members fails' {
        $null = Invoke-Membership
        $state = Get-Content -Raw (Join-Path $path 'membership.json')
        Disconnect-GroupExport
        $run = Invoke-Membership
        $run.ExitCode | Should -Be 3
        Get-Content -Raw (Join-Path $path 'membership.json') | Should -BeExactly $state
        (Get-LastRun).Name | Should -BeLike '*.failed'
    }
}

Describe 'cohort-from-csv.ps1' {
    BeforeAll {
        $sandbox = Start-TestSandbox
        $sandbox | Connect-GroupExport | Out-Null
        function Invoke-Cohort {
            param([string] $Csv, [hashtable] $With = @{})
            Set-Content (Join-Path $path 'cohort.csv') $Csv
            $output = & (Join-Path $samples 'cohort-from-csv.ps1') (Join-Path $path 'cohort.csv') -GroupId $sandbox.GroupId -Path (Join-Path $path 'out') @With 2>&1 6>$null
            [pscustomobject]@{ ExitCode = $LASTEXITCODE; Text = ($output | Out-String); Errors = @($output | Where-Object { $_ -is [Management.Automation.ErrorRecord] } | ForEach-Object ToString) }
        }
    }

    BeforeEach {
        $sandbox.ClearRequests()
        $path = (New-Item -ItemType Directory (Join-Path $TestDrive "$([guid]::NewGuid())")).FullName
    }

    AfterAll { $sandbox | Stop-ExportSandbox }

    It 'exports each patient of the column once' {
        $run = Invoke-Cohort "Name,Patient`nA,patient-0001`nB,Patient/patient-0002`nC,patient-0001"
        $run.ExitCode | Should -Be 0 -Because $run.Text
        Get-BodyField (Get-KickOff $sandbox).Body 'patient' | Should -BeExactly 'Patient/patient-0001,Patient/patient-0002'
    }

    It 'names every bad row by its number, not by what it holds, and sends nothing' {
        $run = Invoke-Cohort "Name,Patient`nA,patient-0001`nB,`nC,Jane Doe`nD,Observation/1" 
        $run.ExitCode | Should -Be 3
        $run.Errors | Should -BeExactly 'Row 3: Patient is empty.', 'Row 4: Patient holds no Patient/<id>.', 'Row 5: Patient holds no Patient/<id>.', '3 of 4 rows cannot be used. Nothing was sent.'
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'says which columns there are when the one is not there' {
        (Invoke-Cohort "Name,Id`nA,1").Errors | Should -BeLike "*no column 'Patient'. It has: Name, Id."
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'reads another column and delimiter, and with -WhatIf only looks' {
        $run = Invoke-Cohort "Name;Fhir Id`nA;patient-0001" -With @{ Column = 'Fhir Id'; Delimiter = ';'; WhatIf = $true }
        $run.ExitCode | Should -Be 0 -Because $run.Text
        $sandbox.Requests | Should -BeNullOrEmpty
        Get-ChildItem $path | Should -HaveCount 1
    }

    It 'goes on with what was interrupted, and not with other patients' {
        # Started, and the process ended before a file was saved.
        $null = 'Patient/patient-0001' | New-GroupExport -GroupId $sandbox.GroupId -JobFile (Join-Path $path 'out.job.json')
        (Invoke-Cohort "Patient`npatient-0002").Errors[0] | Should -BeLike '*asks for something else*'
        $run = Invoke-Cohort "Patient`npatient-0001"
        $run.ExitCode | Should -Be 0 -Because $run.Text
        @(Get-KickOff $sandbox) | Should -HaveCount 1
        (Invoke-Cohort "Patient`npatient-0001").Errors | Should -BeLike '*holds an export that is Complete and runs no more*'
    }
}

Describe 'keys-from-secretmanagement.ps1' {
    AfterEach {
        Remove-Item Function:\Get-Secret -ErrorAction Ignore
        $sandbox | Stop-ExportSandbox
    }

    It 'connects with a key out of the vault, and nightly.ps1 goes over that connection' {
        $sandbox = Start-TestSandbox -With @{ Authorization = 'PrivateKeyJwt' }
        function Get-Secret { param($Name, $Vault) if ($Name -eq 'redox-key' -and $Vault -eq 'work') { $sandbox.PrivateKey } }
        $to = @{ BaseUri = $sandbox.BaseUri; DestinationSlug = $sandbox.DestinationSlug; EnvironmentFlag = $sandbox.EnvironmentFlag }
        $connection = & (Join-Path $samples 'keys-from-secretmanagement.ps1') -KeySecret redox-key -Vault work -ClientId $sandbox.ClientId @to
        Test-GroupExportConnection -Connection $connection -Quiet | Should -BeTrue

        $path = Join-Path $TestDrive "$([guid]::NewGuid())"
        $summary = & (Join-Path $samples 'nightly.ps1') -GroupId $sandbox.GroupId -Path $path
        $LASTEXITCODE | Should -Be 0 -Because $summary
        (Get-Night $path).State | Should -Be 'Complete'
    }

    It 'connects with a client id and secret' {
        $sandbox = Start-TestSandbox -With @{ Authorization = 'ClientSecret' }
        function Get-Secret { param($Name) [pscredential]::new($sandbox.ClientId, $sandbox.ClientSecret) }
        $to = @{ BaseUri = $sandbox.BaseUri; DestinationSlug = $sandbox.DestinationSlug; EnvironmentFlag = $sandbox.EnvironmentFlag }
        $connection = & (Join-Path $samples 'keys-from-secretmanagement.ps1') -KeySecret fhir-client @to
        Test-GroupExportConnection -Connection $connection -Quiet | Should -BeTrue
    }

    It 'does not take a secret in plain text' {
        $sandbox = Start-TestSandbox
        function Get-Secret { param($Name) [byte[]] (1, 2, 3) }
        { & (Join-Path $samples 'keys-from-secretmanagement.ps1') -KeySecret other -ClientId x -DestinationSlug s -EnvironmentFlag f } | Should -Throw '*neither a text nor a credential*'
    }
}

Describe 'new-key.ps1' {
    It 'makes an <_> key that Connect-GroupExport takes, and a public one without its secret' -ForEach 'ES384', 'RS384' {
        $sandbox = Start-TestSandbox
        try {
            $private = Join-Path $TestDrive "$_.jwk"
            $public = Join-Path $TestDrive "$_.json"
            $made = & (Join-Path $samples 'new-key.ps1') -Path $private -PublicPath $public -Algorithm $_
            $check = Connect-GroupExport -FhirBaseUri $sandbox.FhirBaseUri -ClientId me -PrivateKeyPath $private | Test-GroupExportConnection | Where-Object Name -EQ 'Key'
            $check.Passed | Should -BeTrue
            $check.Detail | Should -BeLike "$_ key $($made.KeyId)*"

            $set = Get-Content -Raw $public | ConvertFrom-Json
            $set.keys | Should -HaveCount 1
            $set.keys[0].kid | Should -BeExactly $made.KeyId
            $set.keys[0].PSObject.Properties.Name | Should -Not -Contain 'd'
            if (-not $IsWindows) { [int] [IO.File]::GetUnixFileMode($private) | Should -Be 0x180 }
            { & (Join-Path $samples 'new-key.ps1') -Path $private -PublicPath $public } | Should -Throw -Because 'a key is never overwritten'
        }
        finally { $sandbox | Stop-ExportSandbox }
    }
}

Describe 'The wrappers' {
    It 'azure-automation.ps1 runs nightly.ps1 with the account''s assets, and fails when the night did' {
        $sandbox = Start-TestSandbox -With @{ Authorization = 'PrivateKeyJwt'; Fault = 'JobFailed' }
        try {
            function Get-AutomationVariable { param($Name) $Name -eq 'GroupExportClientId' ? $sandbox.ClientId : [Net.NetworkCredential]::new('', $sandbox.PrivateKey).Password }
            $with = @{
                GroupId = $sandbox.GroupId; Path = Join-Path $TestDrive 'azure'; BaseUri = $sandbox.BaseUri
                DestinationSlug = $sandbox.DestinationSlug; EnvironmentFlag = $sandbox.EnvironmentFlag; Nightly = Join-Path $samples 'nightly.ps1'
            }
            { & (Join-Path $samples 'azure-automation.ps1') @with } | Should -Throw '*exit code 3*FAILED*'
            & (Join-Path $samples 'azure-automation.ps1') @with | Should -BeLike '*: complete*'
            (Get-Night $with.Path)[-1].State | Should -Be 'Complete'
        }
        finally { $sandbox | Stop-ExportSandbox }
    }

    It 'task-scheduler.ps1 registers nightly.ps1 with its arguments, and with -WhatIf does not' {
        $asked = @{}
        function New-ScheduledTaskAction { param($Execute, $Argument) $asked.Execute = $Execute; $asked.Argument = $Argument; 'action' }
        function New-ScheduledTaskTrigger { param([switch] $Daily, $At) $asked.At = $At; 'trigger' }
        function New-ScheduledTaskPrincipal { param($UserId, $LogonType) $asked.LogonType = $LogonType; 'principal' }
        function New-ScheduledTaskSettingsSet { param([switch] $StartWhenAvailable, $MultipleInstances, $ExecutionTimeLimit) 'settings' }
        function Register-ScheduledTask { param($TaskName, $Action, $Trigger, $Principal, $Settings) $asked.Name = $TaskName }
        $script = Join-Path $samples 'task-scheduler.ps1'
        $with = @{ GroupId = 'g-1'; Path = 'D:\my exports\'; DestinationSlug = 's'; EnvironmentFlag = 'Production'; ClientId = 'c'; PrivateKeyPath = 'D:\key.jwk'; Account = 'CLINIC\export$' }

        & $script @with -WhatIf 6>$null
        $asked.Count | Should -Be 0

        & $script @with -At 03:15
        $asked.Name | Should -Be 'GroupExport g-1'
        $asked.LogonType | Should -Be 'Password'
        $asked.At.Hour | Should -Be 3
        $asked.Execute | Should -Be $PwshPath
        $asked.Argument | Should -BeLike '*-File "*nightly.ps1" -GroupId "g-1" -Path "D:\my exports\\" *-PrivateKeyPath "D:\key.jwk"'
    }

    It 'github-actions.yml runs nightly.ps1: its steps are PowerShell, and its export ends as the night did' {
        $lines = Get-Content (Join-Path $samples 'github-actions.yml')
        $lines | Where-Object { $_ -match "`t" } | Should -BeNullOrEmpty
        $start = [array]::IndexOf($lines, '      - name: Export')
        $block = $lines[$start..($lines.Count - 1)]
        $run = [array]::IndexOf($block, '        run: |')
        $text = $block[($run + 1)..($block.Count - 1)] -replace '^ {10}' -join "`n"
        $child = Invoke-Child -NoImport -With @{ Text = $text } -Script {
            Set-Location (New-Item -ItemType Directory (Join-Path $PSScriptRoot 'checkout'))
            'param($GroupId, $Path, $DestinationSlug, $EnvironmentFlag, $ClientId, [securestring] $PrivateKey, $KeepDays) "summary of $GroupId"; exit 2' | Set-Content nightly.ps1
            $env:PRIVATE_KEY = 'secret'
            $env:GITHUB_STEP_SUMMARY = Join-Path $PWD 'summary.md'
            & ([scriptblock]::Create($with.Text))
        }
        $child.ExitCode | Should -Be 0 -Because $child.Text
        $child.Output | Should -Contain 'summary of diabetes-2026'
        $child.Text | Should -Match '::warning::'
    }
}
