BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    . (Join-Path $PSScriptRoot 'SampleRun.ps1')
}

AfterAll {
    $env:PSModulePath = $modulePathBefore
    Disconnect-GroupExport
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

        function Get-KnownMember { (Get-Content -Raw (Join-Path $path 'membership.json') | ConvertFrom-Json).members }

        function Get-LastRun { Get-ChildItem $path -Directory | Sort-Object Name | Select-Object -Last 1 }
    }

    BeforeEach {
        $path = Join-Path $TestDrive "$([guid]::NewGuid())"
        $sandbox = Start-TestSandbox
        $sandbox | Connect-GroupExport | Out-Null
    }

    AfterEach { $sandbox | Stop-ExportSandbox }

    It 'goes on from the run before in a folder whose name has brackets' {
        $path = "$path members [1]"
        $first = Invoke-Membership
        $sandbox.ClearRequests()
        $second = Invoke-Membership
        $first.ExitCode, $second.ExitCode | Should -Be 0, 0 -Because ($first.Text + $second.Text)
        Get-KickOff $sandbox | ForEach-Object { Get-BodyField $_.Body '_since' } | Should -Not -BeNullOrEmpty
    }

    It 'exports who joined whole, who stayed with what has changed, and tells who left' {
        $first = Invoke-Membership
        $first.ExitCode | Should -Be 0 -Because $first.Text
        $since = (Get-ExportReceipt (Join-Path (Get-LastRun) 'whole')).TransactionTime
        $all = Get-KnownMember
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
        Get-KnownMember | Sort-Object | Should -BeExactly ($all | Sort-Object)
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
        $all = Get-KnownMember
        Edit-Membership -Without $all[0]

        # A server that sends somebody else.
        function New-GroupExport {
            [CmdletBinding()]
            param($GroupId, $Element, $Type, $Since, $Patient, $JobFile, $LogPath)
            if ($Patient) { $PSBoundParameters.Patient = "Patient/$($all[1])" }
            GroupExport\New-GroupExport @PSBoundParameters
        }
        $run = Invoke-Membership
        $run.ExitCode | Should -Be 1 -Because $run.Text
        $run.Text | Should -Match 'did not send 1 of those who joined'
        Get-KnownMember | Sort-Object | Should -BeExactly ($all[1..4] | Sort-Object)
        Remove-Item Function:\New-GroupExport
        $sandbox.ClearRequests()

        $run = Invoke-Membership
        $run.ExitCode | Should -Be 0 -Because $run.Text
        Get-BodyField @((Get-KickOff $sandbox).Body)[2] 'patient' | Should -BeExactly "Patient/$($all[0])"
        Get-KnownMember | Sort-Object | Should -BeExactly ($all | Sort-Object)
    }

    It 'exports the whole group where the server takes no -Patient, and says so' {
        # This style can only GET, and a GET has no patients.
        $sandbox | Connect-GroupExport -RequestStyle FhirQuery | Out-Null
        $null = Invoke-Membership
        $all = Get-KnownMember
        Edit-Membership -Without $all[0]
        $sandbox.ClearRequests()

        $run = Invoke-Membership
        $run.ExitCode | Should -Be 0 -Because $run.Text
        $run.Text | Should -Match 'Everything of the whole group is exported'
        $last = @(Get-KickOff $sandbox)[-1]
        $last.Query | Should -Not -Match '_since'
        Get-KnownMember | Should -Contain $all[0]
        (Get-ExportReceipt (Join-Path (Get-LastRun) 'whole')).State | Should -Be 'Complete'
    }

    It 'keeps the old members and starting point until all is complete' {
        $null = Invoke-Membership
        $all = Get-KnownMember
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
        Get-KnownMember | Should -Contain $all[0]
        Get-PatientIdIn (Join-Path (Get-LastRun) 'joined') | Should -BeExactly $all[0]
        (Get-ExportReceipt (Join-Path (Get-LastRun) 'changed')).Parameters | Should -Be '_since'
        $since | Should -Not -BeNullOrEmpty
    }

    It 'that is interrupted while it exports the whole group instead goes on with that' {
        $null = Invoke-Membership
        $all = Get-KnownMember
        Edit-Membership -Without $all[0]
        function New-GroupExport {
            [CmdletBinding()]
            param($GroupId, $Element, $Type, $Since, $Patient, $JobFile, $LogPath)
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
        Get-KnownMember | Should -Contain $all[0]
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
