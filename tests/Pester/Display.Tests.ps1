BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $sandbox = Start-TestSandbox
    $connection = $sandbox | Connect-GroupExport
    $job = New-GroupExport -GroupId $sandbox.GroupId -Type Patient, Observation, Condition, MedicationRequest
    $underWay = $job | Get-ExportStatus
    $status = $job | Get-ExportStatus -Wait
    $saved = $status | Save-ExportFiles -Path (Join-Path $TestDrive 'saved')
    $receipt = Get-ExportReceipt (Join-Path $TestDrive 'saved')
    $shown = @{
        Connection = $connection; Job = $job; UnderWay = $underWay; Status = $status; Files = $status.Files
        Saved = $saved; Receipt = $receipt; Sandbox = $sandbox; Requests = $sandbox.Requests
    }

    function Get-Lines {
        param($Objects, [int] $Width = 100)
        @(($Objects | Out-String -Width $Width) -split '\r?\n' -replace '\x1b\[[0-9;]*m' | Where-Object { $_.Trim() })
    }
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
}

Describe 'On a screen of 100 columns' {
    It '<Name> is a table that fits: <Header>' -ForEach @(
        @{ Name = 'Connection'; Header = 'Style', 'Authorization', 'Open', 'Server' }
        @{ Name = 'Job'; Header = 'Group', 'Started', 'Patients', 'Types', 'Status URL' }
        @{ Name = 'UnderWay'; Header = 'Group', 'State', 'Progress', 'Files', 'Resources', 'Transaction time' }
        @{ Name = 'Status'; Header = 'Group', 'State', 'Progress', 'Files', 'Resources', 'Transaction time' }
        @{ Name = 'Files'; Header = 'Kind', 'Type', 'Count', 'Size', 'Name' }
        @{ Name = 'Saved'; Header = 'Kind', 'Type', 'State', 'Count', 'Size', 'Name' }
        @{ Name = 'Receipt'; Header = 'Group', 'State', 'Saved', 'Resources', 'Size', 'Path' }
        @{ Name = 'Sandbox'; Header = 'Base URL', 'Group', 'Patients', 'Running' }
        @{ Name = 'Requests'; Header = 'Time', 'Method', 'Path' }
    ) {
        $lines = Get-Lines $shown[$Name]
        $lines.Count | Should -Be (2 + @($shown[$Name]).Count) -Because ($lines -join "`n")
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 100 }
        $lines[0] | Should -Match "^\s*$($Header -join '\s+')\s*$"
        $lines[1] | Should -Match '^[- ]+$'
    }

    It 'and on one of 80 columns the header of <_> still stands in one line' -ForEach 'Connection', 'Job', 'UnderWay', 'Status', 'Files', 'Saved', 'Receipt', 'Sandbox', 'Requests' {
        $lines = Get-Lines $shown[$_] 80
        $lines[1] | Should -Match '^[- ]+$' -Because ($lines -join "`n")
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 }
    }

    It 'objects that came back from Clixml look the same: <_>' -ForEach 'Job', 'Status', 'Saved', 'Receipt' {
        $file = Join-Path $TestDrive "$_.clixml"
        $shown[$_] | Export-Clixml $file -Depth 3
        Get-Lines (Import-Clixml $file) | Should -Be (Get-Lines $shown[$_])
    }

    It 'a receipt shows how much is saved' {
        (Get-Lines $receipt)[2] | Should -Match "^$($sandbox.GroupId)\s+Complete\s+$($saved.Count)/$($saved.Count)\s"
    }

    It 'an error shows its sentence, and no stack' {
        $child = Invoke-Child {
            $ErrorActionPreference = 'Continue'
            New-GroupExport -GroupId a
        }
        $child.Text | Should -Match 'There is no connection. Open one with Connect-GroupExport'
        $child.Text | Should -Not -Match '   at GroupExport'
    }
}

Describe 'samples/quickstart.ps1' {
    BeforeAll {
        $quickstart = Join-Path $RepositoryRoot 'samples' 'quickstart.ps1'
    }

    It 'runs as it is, with exit code 0' {
        $output = & $PwshPath -NoProfile -NonInteractive -Command "Import-Module '$ModulePath'; & '$quickstart'" 2>&1
        $LASTEXITCODE | Should -Be 0 -Because ($output | Out-String)
        ($output | Out-String) | Should -Match 'Saved [\d,]+ resources in \d+ files, as many as the manifest says\.'
        ($output | Out-String) -replace '\x1b\[[0-9;]*m' | Should -Match '(?m)^output +Patient +Saved +50 '
        ($output | Out-String) | Should -Not -Match 'WARNING|Exception'
    }

    It 'saves to a folder and exports given data' {
        $data = (New-Item -ItemType Directory (Join-Path $TestDrive 'data')).FullName
        '{"resourceType":"Patient","id":"p1"}' | Set-Content (Join-Path $data 'Patient.ndjson')
        $folder = Join-Path $TestDrive 'quickstart'
        $output = & $PwshPath -NoProfile -NonInteractive -Command "Import-Module '$ModulePath'; & '$quickstart' -Path '$folder' -DataPath '$data'" 2>&1
        $LASTEXITCODE | Should -Be 0 -Because ($output | Out-String)
        (Get-FileHash (Join-Path $folder 'Patient.0001.ndjson')).Hash | Should -Be (Get-FileHash (Join-Path $data 'Patient.ndjson')).Hash
    }

    It 'ends with an error when it fails' {
        & $PwshPath -NoProfile -NonInteractive -Command "Import-Module '$ModulePath'; & '$quickstart' -DataPath '$(Join-Path $TestDrive 'not-there')'" *> $null
        $LASTEXITCODE | Should -Not -Be 0
    }
}
