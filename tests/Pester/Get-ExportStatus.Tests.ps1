BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $sandbox = Start-TestSandbox
    $slow = Start-TestSandbox -ExportDuration 3600 -RetryAfter 1
    $sandbox | Connect-GroupExport | Out-Null
}

AfterAll {
    Disconnect-GroupExport
    $sandbox, $slow | Stop-ExportSandbox
}

Describe 'Get-ExportStatus' {
    BeforeAll {
        $slowly = $slow | Connect-GroupExport
        $sandbox | Connect-GroupExport | Out-Null
        $running = New-GroupExport -Connection $slowly -GroupId $slow.GroupId
    }

    It 'asks once, and tells of a job under way' {
        $slow.ClearRequests()
        $status = $running | Get-ExportStatus
        $slow.Requests | Should -HaveCount 1
        $status.State | Should -BeExactly 'InProgress'
        $status.Progress | Should -Match '\d+% done'
        $status.RetryAfterSeconds | Should -Be 1
        $status.Files | Should -BeNullOrEmpty
        $status.CheckedAt.Kind | Should -Be 'Utc'
    }

    It 'tells of a complete job' {
        $status = New-GroupExport -GroupId $sandbox.GroupId -Type Patient, Condition | Get-ExportStatus -Wait
        $status.State | Should -BeExactly 'Complete'
        $status.TransactionTime | Should -Match '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d'
        $status.Expires.Kind | Should -Be 'Utc'
        $status.RequiresAccessToken | Should -BeFalse
        $status.Files.Type | Sort-Object | Should -Be 'Condition', 'Patient'
        $status.ResourceCount | Should -Be ($status.Files | Measure-Object Count -Sum).Sum
    }

    Context 'with a Retry-After of a second' {
        BeforeAll {
            $waiting = Start-TestSandbox -ExportDuration 1.5 -RetryAfter 1
            $connection = $waiting | Connect-GroupExport
            $said = New-GroupExport -GroupId $waiting.GroupId | Get-ExportStatus -Wait -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
            $polls = @($waiting.Requests | Where-Object Method -EQ 'GET')
        }

        AfterAll {
            $waiting | Stop-ExportSandbox
            $sandbox | Connect-GroupExport | Out-Null
        }

        It 'says with -Verbose how it waits' {
            $said.Message | Should -Contain "GET $($waiting.BaseUri.AbsoluteUri.TrimEnd('/'))$($polls[0].Path): asking for the status of group $($waiting.GroupId)"
            ($said.Message -match '% done.*asking again in 1 s') | Should -Not -BeNullOrEmpty
        }

        It 'obeys Retry-After' {
            $polls.Count | Should -BeGreaterThan 1
            for ($i = 1; $i -lt $polls.Count; $i++) {
                ($polls[$i].Time - $polls[$i - 1].Time).TotalMilliseconds | Should -BeGreaterThan 950
            }
        }
    }

    It 'gives up after -Timeout <Timeout> (WaitTimeout), and the job goes on' -ForEach @(
        @{ Timeout = 1; AtLeast = 1 }
        @{ Timeout = 0.5; AtLeast = 0.5 }
        @{ Timeout = '1'; AtLeast = 1 }
        @{ Timeout = '00:00:01'; AtLeast = 1 }
        @{ Timeout = [timespan]::FromSeconds(1); AtLeast = 1 }
    ) {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        # In a runspace of its own, because a timeout that is misread can be days.
        $waiting = Start-InRunspace 'param($connection, $job, $timeout) $job | Get-ExportStatus -Connection $connection -Wait -Timeout $timeout' $slowly, $running, $Timeout
        try {
            $waiting.Handle.AsyncWaitHandle.WaitOne($Patience) | Should -BeTrue -Because 'a number means seconds'
            $clock.Elapsed.TotalSeconds | Should -BeGreaterThan ($AtLeast - 0.1) -Because 'a number means seconds'
            $failure = @($waiting.Shell.Streams.Error)
        }
        finally {
            Stop-InRunspace $waiting | Out-Null
            Close-Runspace $waiting
        }

        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId WaitTimeout Get-ExportStatus)
        $failure.CategoryInfo.Category | Should -Be 'OperationTimeout'
        $failure.TargetObject.StatusUrl | Should -Be $running.StatusUrl
        ($running | Get-ExportStatus -Connection $slowly).State | Should -Be 'InProgress'
    }

    It 'fails with ExportFailed when the export failed at the server, after its status' {
        $failing = Start-TestSandbox -With @{ Fault = 'JobFailed' }
        try {
            $connection = $failing | Connect-GroupExport
            $job = New-GroupExport -GroupId $failing.GroupId
            $failures = @()
            $status = $job | Get-ExportStatus -Wait -ErrorVariable failures -ErrorAction SilentlyContinue
            $status.State | Should -BeExactly 'Failed'
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId ExportFailed Get-ExportStatus)
            $failures[0].CategoryInfo.Category | Should -Be 'InvalidResult'
            $failures[0].TargetObject.StatusUrl | Should -BeExactly $job.StatusUrl
        }
        finally {
            $failing | Stop-ExportSandbox
            $sandbox | Connect-GroupExport | Out-Null
        }
    }

    It 'refuses a -Timeout of less than no time, and asks nothing: InvalidParameter' {
        $slow.ClearRequests()
        Assert-Failure (Get-Failure { $running | Get-ExportStatus -Connection $slowly -Wait -Timeout -1 }) InvalidParameter Get-ExportStatus InvalidArgument 'Timeout'
        $slow.Requests | Should -BeNullOrEmpty
    }

    It 'can go on with what a timeout gives as its target' {
        $waiting = Start-TestSandbox -ExportDuration 1.5 -RetryAfter 0
        try {
            $connection = $waiting | Connect-GroupExport
            $failure = Get-Failure { New-GroupExport -GroupId $waiting.GroupId -Type Patient | Get-ExportStatus -Wait -Timeout 0 }
            $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId WaitTimeout Get-ExportStatus)
            ($failure.TargetObject | Get-ExportStatus -Wait).State | Should -Be 'Complete'
            (Get-KickOff $waiting) | Should -HaveCount 1
        }
        finally {
            $waiting | Stop-ExportSandbox
            $sandbox | Connect-GroupExport | Out-Null
        }
    }

    It 'waits for several jobs side by side, and gives each as it ends' {
        $other = New-GroupExport -GroupId $sandbox.GroupId
        $waiting = Start-InRunspace 'param($jobs) $jobs | Get-ExportStatus -Wait' (, @($running, $other))
        try {
            Wait-Until { $waiting.Output.Count -gt 0 }
            $waiting.Handle.IsCompleted | Should -BeFalse -Because 'the other job runs for an hour'
            $waiting.Output[0].StatusUrl | Should -Be $other.StatusUrl
        }
        finally {
            Stop-InRunspace $waiting | Out-Null
            Close-Runspace $waiting
        }
    }
}
