BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $sandbox = Start-TestSandbox
    $sandbox | Connect-GroupExport | Out-Null
    $all = $sandbox.GroupId
    $job = New-GroupExport -GroupId $all -Type Patient
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
}

Describe 'Get-ExportReceipt' {
    It 'tells from the folder alone what was saved, and sends nothing' {
        $folder = Join-Path $TestDrive 'told'
        $saved = $job | Save-ExportFiles -Path $folder
        $sandbox.ClearRequests()
        $receipt = Get-ExportReceipt $folder
        $receipt.State | Should -BeExactly 'Complete'
        $receipt.StatusUrl | Should -BeExactly $job.StatusUrl
        $receipt.Files.Sha256 | Should -BeExactly $saved.Sha256
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'takes folders from the pipeline as Get-ChildItem and Get-Item give them' {
        $parent = Join-Path $TestDrive 'parent'
        $job | Save-ExportFiles -Path (Join-Path $parent 'one') | Out-Null
        (Get-ChildItem $parent | Get-ExportReceipt).State | Should -Be 'Complete'
        (Get-Item (Join-Path $parent 'one') | Get-ExportReceipt).State | Should -Be 'Complete'
        (Join-Path $parent 'one' | Get-ExportReceipt).State | Should -Be 'Complete'
    }
}

Describe 'Get-ExportReceipt refuses a folder:' {
    BeforeEach {
        $sandbox.ClearRequests()
    }

    It 'one without a receipt: ReceiptNotFound' {
        Assert-Failure (Get-Failure { Get-ExportReceipt (Join-Path $TestDrive 'nothing-here') }) ReceiptNotFound Get-ExportReceipt ObjectNotFound (Join-Path $TestDrive 'nothing-here')
    }

    It 'one whose receipt is damaged: InvalidReceipt' {
        $damaged = (New-Item -ItemType Directory (Join-Path $TestDrive 'damaged')).FullName
        '{ "job":' | Set-Content (Join-Path $damaged 'export.json')
        Assert-Failure (Get-Failure { Get-ExportReceipt $damaged }) InvalidReceipt Get-ExportReceipt InvalidData $damaged
        Assert-Failure (Get-Failure { $job | Save-ExportFiles -Path $damaged }) InvalidReceipt Save-ExportFiles InvalidData "$job"
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'a file: InvalidPath' {
        $saved = $job | Save-ExportFiles -Path (Join-Path $TestDrive 'by-file')
        Assert-Failure (Get-Failure { $saved | Get-ExportReceipt }) InvalidPath Get-ExportReceipt InvalidArgument $saved.Path
    }

    It 'one of another provider: InvalidPath' {
        Assert-Failure (Get-Failure { Get-ExportReceipt Variable:/x }) InvalidPath Get-ExportReceipt InvalidArgument 'Variable:/x'
    }

    It 'none at all: MissingPath' {
        Assert-Failure (Get-Failure { Get-ExportReceipt }) MissingPath Get-ExportReceipt InvalidArgument 'Path'
    }
}
