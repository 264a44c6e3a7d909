BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $sandbox = Start-TestSandbox
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
}

Describe 'Disconnect-GroupExport' {
    It 'closes the connection of the runspace' {
        $connection = $sandbox | Connect-GroupExport
        Disconnect-GroupExport
        $connection.IsOpen | Should -BeFalse
        Get-GroupExportConnection | Should -BeNullOrEmpty
    }

    It 'closes a connection that is piped, and no other' {
        $first = $sandbox | Connect-GroupExport
        $second = $sandbox | Connect-GroupExport
        $first | Disconnect-GroupExport
        $first.IsOpen | Should -BeFalse
        $second.IsOpen | Should -BeTrue
        (Get-GroupExportConnection).IsOpen | Should -BeTrue
        Disconnect-GroupExport
    }

    It 'refuses what is no connection, and leaves the open one open: InputObjectNotBound' {
        $connection = $sandbox | Connect-GroupExport
        $failure = Get-Failure { $connection.Server | Disconnect-GroupExport }
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId InputObjectNotBound Disconnect-GroupExport)
        $connection.IsOpen | Should -BeTrue
        Disconnect-GroupExport
    }

    It 'does nothing where there is none' {
        { Disconnect-GroupExport -ErrorAction Stop } | Should -Not -Throw
    }

    It 'leaves the jobs of a closed connection to the one that is open' {
        $first = $sandbox | Connect-GroupExport
        $job = New-GroupExport -GroupId $sandbox.GroupId -Type Patient
        Disconnect-GroupExport
        $sandbox | Connect-GroupExport | Out-Null
        ($job | Get-ExportStatus -Wait).State | Should -Be 'Complete'
        Disconnect-GroupExport
    }
}
