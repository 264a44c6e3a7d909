BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    . (Join-Path $PSScriptRoot 'SampleRun.ps1')
}

AfterAll {
    $env:PSModulePath = $modulePathBefore
    Disconnect-GroupExport
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
