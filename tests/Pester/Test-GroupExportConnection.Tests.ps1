BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
}

AfterAll {
    Disconnect-GroupExport
}

Describe 'Test-GroupExportConnection' {
    BeforeAll {
        $keyed = Start-ExportSandbox -PatientCount 1 -Authorization PrivateKeyJwt
    }

    AfterAll {
        $keyed | Stop-ExportSandbox
    }

    BeforeEach {
        $null = $keyed | Connect-GroupExport
    }

    It 'gives one object per check, and all pass on a good connection' {
        $checks = Test-GroupExportConnection -GroupId $keyed.GroupId
        $checks.Name | Should -Be 'Server', 'Clock', 'Key', 'Discovery', 'Token', 'Scope', 'Export', 'Group'
        $checks | Where-Object { -not $_.Passed } | Should -BeNullOrEmpty
    }

    It 'throws for no failed check: what is wrong stands in the object' {
        $ErrorActionPreference = 'Stop'
        $failed = Connect-GroupExport -FhirBaseUri $keyed.FhirBaseUri -ClientId stranger -PrivateKey $keyed.PrivateKey |
            Test-GroupExportConnection | Where-Object Passed -EQ $false
        $failed.Name | Should -Be 'Token', 'Scope', 'Export'
        $failed[0].Detail | Should -BeLike '*invalid_client*client id*'
    }

    It 'gives one truth with -Quiet' {
        Test-GroupExportConnection -Quiet | Should -BeExactly $true
        Test-GroupExportConnection -GroupId none -Quiet | Should -BeExactly $false
    }

    It 'reads well at 100 columns' {
        $lines = Test-GroupExportConnection | Out-String -Width 100 -Stream
        $lines[1] | Should -BeLike 'Name*Passed*Detail*'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 100
    }

    It 'goes to Export-Csv and comes back' {
        Test-GroupExportConnection | Export-Csv (Join-Path $TestDrive checks.csv)
        (Import-Csv (Join-Path $TestDrive checks.csv)).Count | Should -Be 7
    }

    It 'needs a connection: NoConnection' {
        Disconnect-GroupExport
        Assert-Failure (Get-Failure { Test-GroupExportConnection }) NoConnection Test-GroupExportConnection ConnectionError Test-GroupExportConnection
    }

    It 'finds a connection closed, and sends nothing' {
        $closed = Get-GroupExportConnection
        Disconnect-GroupExport
        $keyed.ClearRequests()
        $failed = Test-GroupExportConnection -Connection $closed -ErrorAction Stop | Where-Object Passed -EQ $false
        $failed.Name | Should -Be 'Server', 'Clock', 'Token', 'Scope', 'Export'
        $failed | Where-Object Name -In Server, Token | ForEach-Object { $_.Detail | Should -BeLike '*was closed*Connect-GroupExport*' }
        $keyed.Requests | Should -BeNullOrEmpty
    }
}
