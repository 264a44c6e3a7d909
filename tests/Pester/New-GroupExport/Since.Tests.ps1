BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    $sandbox = Start-TestSandbox
    $sandbox | Connect-GroupExport | Out-Null
    $all = $sandbox.GroupId
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
}

Describe 'New-GroupExport -Since: an incremental export' {
    BeforeAll {
        $folder = Join-Path $TestDrive 'full'
        $null = New-GroupExport -GroupId $all -Type Patient, Observation | Save-ExportFiles -Path $folder
        $time = (Get-ExportReceipt $folder).TransactionTime
    }

    BeforeEach {
        $sandbox.ClearRequests()
    }

    It 'goes on from <_>' -ForEach 'a folder', 'a receipt', 'a saved receipt' {
        $since = switch ($_) {
            'a folder' { $folder }
            'a receipt' { Get-ExportReceipt $folder }
            'a saved receipt' {
                $saved = Join-Path $TestDrive 'receipt.clixml'
                Get-ExportReceipt $folder | Export-Clixml $saved
                Import-Clixml $saved
            }
        }
        $null = New-GroupExport -GroupId $all -Type Patient, Observation -Since $since
        Get-BodyField (Get-KickOff $sandbox).Body '_since' | Should -BeExactly $time
    }

    It 'of something else does not' {
        (Get-Failure { New-GroupExport -GroupId $all -Type Patient -Since $folder }).FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId SinceSourceDiffers New-GroupExport)
        Get-KickOff $sandbox | Should -BeNullOrEmpty
    }

    It 'does not go on from one that misses a file' {
        $broken = Join-Path $TestDrive 'broken'
        Copy-Item $folder $broken -Recurse
        Remove-Item (Join-Path $broken 'Patient.0001.ndjson')
        (Get-Failure { New-GroupExport -GroupId $all -Type Patient, Observation -Since $broken }).FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId SinceSourceIncomplete New-GroupExport)
        Get-KickOff $sandbox | Should -BeNullOrEmpty
    }
}
