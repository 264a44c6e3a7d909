BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $sandbox = Start-TestSandbox
    $sandbox | Connect-GroupExport | Out-Null
    $job = New-GroupExport -GroupId $sandbox.GroupId -Type Patient, Observation, Condition
    $job | Get-ExportStatus -Wait | Out-Null
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
}

Describe 'Test-ExportFiles' {
    BeforeEach {
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        $saved = $job | Save-ExportFiles -Path $folder
        $patients = Join-Path $folder 'Patient.0001.ndjson'
        $sandbox.ClearRequests()
    }

    It 'gives an object for each file, all intact, with the hash that Get-FileHash gives; nothing is sent' {
        $checks = Test-ExportFiles $folder
        $checks.Name | Sort-Object | Should -BeExactly ($saved.Name | Sort-Object)
        $checks.State | Sort-Object -Unique | Should -BeExactly 'Intact'
        $checks.Passed | Sort-Object -Unique | Should -BeTrue
        foreach ($check in $checks) {
            $check.Sha256 | Should -Be (Get-FileHash $check.Path).Hash
            $check.Bytes | Should -Be (Get-Item $check.Path).Length
            $check.Count | Should -Be @(Get-Content $check.Path).Count
            $check.GroupId | Should -Be $sandbox.GroupId
        }

        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'takes <Name>, and checks each file once' -ForEach @(
        @{ Name = 'a path'; Piped = { $folder } }
        @{ Name = 'a receipt'; Piped = { Get-ExportReceipt $folder } }
        @{ Name = 'a folder object'; Piped = { Get-Item $folder } }
        @{ Name = 'the files that were saved'; Piped = { $saved } }
        @{ Name = 'all that lies there'; Piped = { Get-ChildItem $folder -Force } }
        @{ Name = 'its own results'; Piped = { Test-ExportFiles $folder } }
        @{ Name = 'a receipt from JSON'; Piped = { Get-ExportReceipt $folder | ConvertTo-Json | ConvertFrom-Json } }
        @{ Name = 'files and folder mixed'; Piped = { $saved; $folder; $saved } }
    ) {
        (& $Piped | Test-ExportFiles).Name | Sort-Object | Should -BeExactly ($saved.Name | Sort-Object)
    }

    It 'checks one file alone, by a path relative to the location of PowerShell too' {
        New-Item (Join-Path $folder 'stray') | Out-Null
        ($saved | Where-Object Type -EQ Patient | Test-ExportFiles).Name | Should -BeExactly 'Patient.0001.ndjson'
        Push-Location $folder
        try {
            (Test-ExportFiles ./Patient.0001.ndjson).Path | Should -Be $patients
            Test-ExportFiles . | Should -HaveCount ($saved.Count + 1)
        }
        finally {
            Pop-Location
        }
    }

    It 'finds <State>: <Name>' -ForEach @(
        @{ Name = 'a flipped byte'; State = 'Changed'; Detail = 'another SHA-256'; Damage = { $bytes = [IO.File]::ReadAllBytes($patients); $bytes[40] = $bytes[40] -bxor 1; [IO.File]::WriteAllBytes($patients, $bytes) } }
        @{ Name = 'a file that grew'; State = 'Changed'; Detail = '6 resources instead of 5'; Damage = { Add-Content $patients '{}' } }
        @{ Name = 'an emptied file'; State = 'Changed'; Detail = '^0 bytes on disk instead of'; Damage = { Clear-Content $patients } }
        @{ Name = 'a file that is gone'; State = 'Missing'; Detail = 'no longer there'; Damage = { Remove-Item $patients } }
        @{ Name = 'a file too many'; State = 'Stray'; Detail = 'does not know'; Damage = { Set-Content (Join-Path $folder 'notes.txt') 'x' } }
        @{ Name = 'a rest'; State = 'Stray'; Detail = 'left over'; Damage = { Set-Content "$patients.part" 'x' } }
    ) {
        & $Damage
        $found = Test-ExportFiles $folder -ErrorAction Stop | Where-Object { -not $_.Passed }
        $found | Should -HaveCount 1
        $found.State | Should -BeExactly $State
        $found.Detail | Should -Match $Detail
        Test-ExportFiles $folder -Quiet | Should -BeFalse
        Test-ExportFiles ($saved | Where-Object Type -EQ Condition).Path -Quiet | Should -BeTrue
    }

    It 'shows a table that fits 100 columns, live and from Clixml' {
        Set-Content (Join-Path $folder 'notes.txt') 'x'
        Remove-Item $patients
        $checks = Test-ExportFiles $folder | Sort-Object Name
        $lines = Get-ShownLine $checks
        $lines[0] | Should -Match '^State +Name +Count +Size +Detail *$'
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 100 }
        $lines | Where-Object { $_ -match '^Intact +Condition.0001.ndjson +\d+ +[\d.]+ k?B *$' } | Should -HaveCount 1
        $lines | Where-Object { $_ -match '^Missing +Patient.0001.ndjson +no longer there *$' } | Should -HaveCount 1
        (Get-ShownLine $checks 80)[1] | Should -Match '^[- ]+$'
        $checks | Export-Clixml (Join-Path $TestDrive 'checks.clixml')
        Get-ShownLine (Import-Clixml (Join-Path $TestDrive 'checks.clixml')) | Should -Be $lines
    }

    It 'is stopped like any other cmdlet by Select-Object -First' {
        Test-ExportFiles $folder -ThrottleLimit 1 | Select-Object -First 1 | Should -HaveCount 1
    }
}

Describe 'Test-ExportFiles reports' {
    It '<Id> for <Name>' -ForEach @(
        @{ Name = 'no path'; Id = 'MissingPath'; Script = { Test-ExportFiles } }
        @{ Name = 'an empty path'; Id = 'MissingPath'; Script = { Test-ExportFiles -Path '' } }
        @{ Name = 'a folder without receipt'; Id = 'ReceiptNotFound'; Script = { Test-ExportFiles $TestDrive } }
        @{ Name = 'a folder that does not exist'; Id = 'ReceiptNotFound'; Script = { Join-Path $TestDrive 'none' | Test-ExportFiles } }
        @{ Name = 'another provider'; Id = 'InvalidPath'; Script = { Test-ExportFiles Variable:/x } }
    ) {
        $failure = Get-Failure $Script
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId $Id Test-ExportFiles)
    }

    It 'InvalidReceipt for a receipt that was edited to lead out of its folder' {
        $folder = Join-Path $TestDrive 'edited'
        $job | Save-ExportFiles -Path $folder | Out-Null
        $receipt = Join-Path $folder 'export.json'
        (Get-Content -Raw $receipt).Replace('"Patient.0001.ndjson"', '"../../etc/passwd"') | Set-Content $receipt
        $failure = Get-Failure { Test-ExportFiles $folder }
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId InvalidReceipt Test-ExportFiles)
        $failure.TargetObject | Should -Be $folder
    }
}
