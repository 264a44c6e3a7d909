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

Describe 'New-GroupExport -JobFile: a runbook' {
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
