BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $sandbox = Start-TestSandbox
    $sandbox | Connect-GroupExport | Out-Null
    $all = $sandbox.GroupId
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
}

Describe 'A runbook with a job file' {
    BeforeEach {
        $sandbox.ClearRequests()
        $file = Join-Path $TestDrive "$([guid]::NewGuid())" 'nightly.json'
        $folder = Join-Path $TestDrive "$([guid]::NewGuid())"
    }

    It 'that runs twice starts one export' {
        $first = New-GroupExport -GroupId $all -Type Patient -JobFile $file
        $second = New-GroupExport -GroupId $all -Type Patient -JobFile $file
        $second.StatusUrl | Should -BeExactly $first.StatusUrl
        @(Get-KickOff $sandbox) | Should -HaveCount 1
    }

    It 'that is killed goes on in another process, by the file alone' {
        $null = New-GroupExport -GroupId $all -Type Patient -JobFile $file
        $child = Invoke-Child -With ((Get-SandboxAddress $sandbox) + @{ File = $file; Folder = $folder }) -Script {
            Connect-GroupExport -BaseUri $with.BaseUri $with.Slug $with.Flag | Out-Null
            $saved = Get-Item $with.File | Save-ExportFiles -Path $with.Folder
            "$($saved.State) $($saved.Type)"
            (Get-Content -Raw $with.File | ConvertFrom-Json).state
        }
        $child.Output | Should -Be 'Saved Patient', 'Saved'
        @(Get-KickOff $sandbox) | Should -HaveCount 1
    }

    It 'starts the next export when the last one is saved' {
        New-GroupExport -GroupId $all -Type Patient -JobFile $file | Save-ExportFiles -Path $folder | Should -HaveCount 1
        New-GroupExport -GroupId $all -Type Patient -JobFile $file | Save-ExportFiles -Path "$folder 2" | Should -HaveCount 1
        @(Get-KickOff $sandbox) | Should -HaveCount 2
    }

    It 'has a file that only its owner can read, without patients' -Skip:$IsWindows {
        $id = (New-GroupExport -GroupId $all -Type Patient | Save-ExportFiles -Path $folder | Get-Content -TotalCount 1 | ConvertFrom-Json).id
        $null = "Patient/$id" | New-GroupExport -GroupId $all -Type Patient -JobFile $file
        [int] [IO.File]::GetUnixFileMode($file) | Should -Be 0x180
        Get-Content -Raw $file | Should -Not -Match $id
    }

    It 'does not start one of something else over one that runs' {
        $null = New-GroupExport -GroupId $all -Type Patient -JobFile $file
        (Get-Failure { New-GroupExport -GroupId $all -Type Observation -JobFile $file }).FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId JobFileDiffers New-GroupExport)
    }
}

Describe 'An incremental export' {
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

Describe 'Removing an export' {
    BeforeEach {
        $sandbox.ClearRequests()
        $folder = Join-Path $TestDrive "$([guid]::NewGuid())"
    }

    It 'waits for its files' {
        $status = New-GroupExport -GroupId $all -Type Patient | Get-ExportStatus -Wait
        (Get-Failure { $status | Remove-GroupExport -Path $folder }).FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId FilesNotVerified Remove-GroupExport)
        $null = $status | Save-ExportFiles -Path $folder
        Get-Failure { Get-ExportReceipt $folder | Remove-GroupExport } | Should -BeNullOrEmpty
        @($sandbox.Requests | Where-Object Method -EQ 'DELETE') | Should -HaveCount 1
    }

    It 'can be part of saving' {
        (New-GroupExport -GroupId $all -Type Patient | Save-ExportFiles -Path $folder -RemoveWhenComplete).State | Should -Be 'Saved'
        @($sandbox.Requests | Where-Object Method -EQ 'DELETE') | Should -HaveCount 1
        (Get-ExportReceipt $folder).State | Should -BeExactly 'Complete'
    }
}

Describe 'A lenient request' {
    It 'says so in its Prefer header, and no other does' {
        $sandbox.ClearRequests()
        $null = New-GroupExport -GroupId $all -Lenient
        $null = New-GroupExport -GroupId $all -Lenient:$false
        (Get-KickOff $sandbox).ForEach{ $_.Headers['Prefer'] } | Should -BeExactly 'respond-async, handling=lenient', 'respond-async'
    }
}
