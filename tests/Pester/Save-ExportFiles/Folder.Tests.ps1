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

Describe 'Save-ExportFiles -Path: the folder' {
    BeforeAll {
        $job = New-GroupExport -GroupId $all -Type Patient
    }

    It 'is made with all folders above it' {
        $folder = Join-Path $TestDrive 'a' 'b' 'c'
        ($job | Save-ExportFiles -Path $folder).Path | Should -Be (Join-Path $folder 'Patient.0001.ndjson')
    }

    It 'is relative to the location of PowerShell, not of the process' {
        Push-Location $TestDrive
        try {
            ($job | Save-ExportFiles -Path relative).Path | Should -Be (Join-Path $TestDrive 'relative' 'Patient.0001.ndjson')
        }
        finally {
            Pop-Location
        }
    }

    It 'can be named by a drive of PowerShell' {
        ($job | Save-ExportFiles -Path TestDrive:/drive).Path | Should -Be (Join-Path $TestDrive 'drive' 'Patient.0001.ndjson')
        (Get-ExportReceipt TestDrive:/drive).State | Should -Be 'Complete'
    }

    It 'can have spaces and brackets in its name' {
        $folder = Join-Path $TestDrive 'a [b] c'
        ($job | Save-ExportFiles -Path $folder).State | Should -Be 'Saved'
        Test-Path -LiteralPath (Join-Path $folder 'Patient.0001.ndjson') | Should -BeTrue
        (Get-ExportReceipt $folder).State | Should -Be 'Complete'
    }
}

Describe 'Save-ExportFiles refuses a folder:' {
    BeforeAll {
        $job = New-GroupExport -GroupId $all -Type Patient
        $file = Join-Path $TestDrive 'a-file'
        'x' | Set-Content $file
    }

    BeforeEach {
        $sandbox.ClearRequests()
    }

    It 'none at all: MissingPath' {
        Assert-Failure (Get-Failure { $job | Save-ExportFiles }) MissingPath Save-ExportFiles InvalidArgument "$job"
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'a file: InvalidPath' {
        Assert-Failure (Get-Failure { $job | Save-ExportFiles -Path $file }) InvalidPath Save-ExportFiles InvalidArgument $file
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'another provider''s: InvalidPath' {
        Assert-Failure (Get-Failure { $job | Save-ExportFiles -Path Env:/out }) InvalidPath Save-ExportFiles InvalidArgument 'Env:/out'
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'an unknown drive''s: InvalidPath' {
        Assert-Failure (Get-Failure { $job | Save-ExportFiles -Path NoSuchDrive:/out }) InvalidPath Save-ExportFiles InvalidArgument 'NoSuchDrive:/out'
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'one below a file: FolderNotWritable' {
        $below = Join-Path $file 'out'
        Assert-Failure (Get-Failure { $job | Save-ExportFiles -Path $below }) FolderNotWritable Save-ExportFiles PermissionDenied $below
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'one that is read only: FolderNotWritable' -Skip:($IsWindows -or [Environment]::UserName -eq 'root') {
        $readOnly = (New-Item -ItemType Directory (Join-Path $TestDrive 'read-only')).FullName
        [IO.File]::SetUnixFileMode($readOnly, 'UserRead, UserExecute')
        try {
            Assert-Failure (Get-Failure { $job | Save-ExportFiles -Path $readOnly }) FolderNotWritable Save-ExportFiles PermissionDenied $readOnly
        }
        finally {
            [IO.File]::SetUnixFileMode($readOnly, 'UserRead, UserWrite, UserExecute')
        }

        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'one that is locked: FolderInUse' {
        $locked = (New-Item -ItemType Directory (Join-Path $TestDrive 'locked')).FullName
        $held = [IO.File]::Open((Join-Path $locked '.export.lock'), 'OpenOrCreate', 'Write', 'None')
        try {
            Assert-Failure (Get-Failure { $job | Save-ExportFiles -Path $locked }) FolderInUse Save-ExportFiles ResourceBusy $locked
        }
        finally {
            $held.Dispose()
        }

        $sandbox.Requests | Should -BeNullOrEmpty
        Get-ChildItem $locked -Exclude '.export.lock' | Should -BeNullOrEmpty
    }

    It 'one that holds another export: FolderHoldsOtherExport' {
        $taken = Join-Path $TestDrive 'taken'
        $job | Save-ExportFiles -Path $taken | Out-Null
        $before = (Get-ExportReceipt $taken).StatusUrl
        $another = New-GroupExport -GroupId $all -Type Patient
        $sandbox.ClearRequests()
        Assert-Failure (Get-Failure { $another | Save-ExportFiles -Path $taken }) FolderHoldsOtherExport Save-ExportFiles ResourceExists "$another"
        $sandbox.Requests | Should -BeNullOrEmpty
        (Get-ExportReceipt $taken).StatusUrl | Should -Be $before
    }
}

Describe 'Save-ExportFiles with two jobs for one folder, which' {
    BeforeEach {
        $jobs = New-GroupExport -GroupId $all, asthma-2026 -Type Patient
        $jobs | Get-ExportStatus -Wait | Out-Null
        $sandbox.ClearRequests()
        $folder = Join-Path $TestDrive "shared-$([guid]::NewGuid())"
    }

    It 'fail with FolderShared before the first byte, with one -Path for all' {
        $failures = Get-Failure { $jobs | Save-ExportFiles -Path $folder }
        $failures | Should -HaveCount 2
        $failures.FullyQualifiedErrorId | Should -BeExactly @(, (Get-FullErrorId FolderShared Save-ExportFiles) * 2)
        $failures.CategoryInfo.Category | Should -Be 'InvalidArgument', 'InvalidArgument'
        $failures.TargetObject.StatusUrl | Sort-Object | Should -Be ($jobs.StatusUrl | Sort-Object)
        Get-ChildItem $folder -Filter '*.ndjson*' -Recurse | Should -BeNullOrEmpty
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'fail the same as statuses' {
        $statuses = $jobs | Get-ExportStatus -Wait
        $sandbox.ClearRequests()
        (Get-Failure { $statuses | Save-ExportFiles -Path $folder }).FullyQualifiedErrorId | Sort-Object -Unique | Should -BeExactly (Get-FullErrorId FolderShared Save-ExportFiles)
        Get-ChildItem $folder -Filter '*.ndjson*' -Recurse | Should -BeNullOrEmpty
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'are never mixed, with a -Path script block that sends them to one folder' {
        $failures = Get-Failure { $jobs | Save-ExportFiles -Path { $folder } }
        $failures.FullyQualifiedErrorId | Sort-Object -Unique | Should -BeExactly (Get-FullErrorId FolderShared Save-ExportFiles)
        $failures.TargetObject.StatusUrl | Should -Contain $jobs[1].StatusUrl
        (Get-ExportReceipt $folder).StatusUrl | Should -Be $jobs[0].StatusUrl
        Get-FileRequest $sandbox | Where-Object Path -Like "*$($jobs[1].StatusUrl.Split('/')[-1])*" | Should -BeNullOrEmpty
    }

    It 'can be saved one by one afterwards' {
        Get-Failure { $jobs | Save-ExportFiles -Path $folder } | Out-Null
        ($jobs | Save-ExportFiles -Path { Join-Path $folder $_.GroupId }).State | Should -Be 'Saved', 'Saved'
    }

    It 'are one job, when the same is piped twice' {
        $saved = $jobs[0], $jobs[0] | Save-ExportFiles -Path $folder
        $saved | Should -HaveCount 1
        $saved.State | Should -Be 'Saved'
    }
}
