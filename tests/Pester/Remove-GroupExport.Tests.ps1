BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $sandbox = Start-TestSandbox
    $slow = Start-TestSandbox -ExportDuration 3600 -RetryAfter 1
    $sandbox | Connect-GroupExport | Out-Null
}

AfterAll {
    Disconnect-GroupExport
    $sandbox, $slow | Stop-ExportSandbox
}

Describe 'Remove-GroupExport' {
    BeforeEach {
        $job = New-GroupExport -GroupId $sandbox.GroupId -Type Patient
        $sandbox.ClearRequests()
    }

    It 'DELETEs <Name>, which is then JobNotFound' -ForEach @(
        @{ Name = 'a job'; What = { $job } }
        @{ Name = 'a complete status'; What = { $job | Get-ExportStatus -Wait } }
        @{ Name = 'a status URL'; What = { $job.StatusUrl } }
        @{ Name = 'a job read from JSON'; What = { $job | ConvertTo-Json | ConvertFrom-Json } }
    ) {
        & $What | Remove-GroupExport | Should -BeNullOrEmpty
        $deletes = @($sandbox.Requests | Where-Object Method -EQ 'DELETE')
        $deletes | Should -HaveCount 1
        $deletes[0].Path | Should -Be ([uri] $job.StatusUrl).AbsolutePath

        $failure = Get-Failure { $job | Get-ExportStatus }
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId JobNotFound Get-ExportStatus)
        $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failure.TargetObject.StatusUrl | Should -Be $job.StatusUrl
    }

    It 'fails with RemovalFailed where the server refuses, and the job is still there' {
        $refusing = Start-TestSandbox -With @{ Fault = 'RemovalRefused' }
        try {
            $connection = $refusing | Connect-GroupExport
            $kept = New-GroupExport -GroupId $refusing.GroupId
            $failure = Get-Failure { $kept | Remove-GroupExport }
            $failure | Should -HaveCount 1
            $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId RemovalFailed Remove-GroupExport)
            $failure.TargetObject.StatusUrl | Should -BeExactly $kept.StatusUrl
            Get-Failure { $kept | Get-ExportStatus } | Should -BeNullOrEmpty
        }
        finally {
            $refusing | Stop-ExportSandbox
            $sandbox | Connect-GroupExport | Out-Null
        }
    }

    It 'is Stop-GroupExport too' {
        $job | Stop-GroupExport
        $sandbox.Requests.Method | Should -Be 'DELETE'
    }

    It 'cancels a job under way' {
        $slowly = $slow | Connect-GroupExport
        $running = New-GroupExport -GroupId $slow.GroupId
        $running | Stop-GroupExport
        (Get-Failure { $running | Get-ExportStatus -Wait }).FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId JobNotFound Get-ExportStatus)
        $sandbox | Connect-GroupExport | Out-Null
    }

    It 'is content when the job is gone already' {
        $job | Remove-GroupExport
        { $job | Remove-GroupExport -ErrorAction Stop } | Should -Not -Throw
        ($job | Remove-GroupExport -Verbose 4>&1 | Out-String) | Should -Match 'already gone'
    }

    It 'sends nothing with -WhatIf' {
        $child = Invoke-Child -With ((Get-SandboxAddress $sandbox) + @{ StatusUrl = $job.StatusUrl }) -Script {
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            $with.StatusUrl | Remove-GroupExport -WhatIf
        }
        $child.Text | Should -Match 'Remove the export from the server'
        $sandbox.Requests | Should -BeNullOrEmpty
        ($job | Get-ExportStatus -Wait).State | Should -Be 'Complete'
    }

    It 'removes the job of a receipt, and the saved files stay' {
        $folder = Join-Path $TestDrive 'removed'
        $job | Save-ExportFiles -Path $folder | Out-Null
        Get-ExportReceipt $folder | Remove-GroupExport
        ($sandbox.Requests | Where-Object Method -EQ 'DELETE') | Should -HaveCount 1
        (Get-ExportReceipt $folder).State | Should -Be 'Complete'
        ($job | Save-ExportFiles -Path $folder).State | Should -Be 'AlreadySaved'
    }
}

Describe 'Remove-GroupExport -Path' {
    BeforeEach {
        $sandbox.ClearRequests()
        $folder = Join-Path $TestDrive "$([guid]::NewGuid())"
    }

    It 'waits for its files' {
        $status = New-GroupExport -GroupId $sandbox.GroupId -Type Patient | Get-ExportStatus -Wait
        (Get-Failure { $status | Remove-GroupExport -Path $folder }).FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId FilesNotVerified Remove-GroupExport)
        $null = $status | Save-ExportFiles -Path $folder
        Get-Failure { Get-ExportReceipt $folder | Remove-GroupExport } | Should -BeNullOrEmpty
        @($sandbox.Requests | Where-Object Method -EQ 'DELETE') | Should -HaveCount 1
    }

    It 'does not wait with -Force' {
        $status = New-GroupExport -GroupId $sandbox.GroupId -Type Patient | Get-ExportStatus -Wait
        Get-Failure { $status | Remove-GroupExport -Path $folder -Force } | Should -BeNullOrEmpty
        @($sandbox.Requests | Where-Object Method -EQ 'DELETE') | Should -HaveCount 1
    }

    It 'refuses a folder of another provider, and removes nothing: InvalidPath' {
        $job = New-GroupExport -GroupId $sandbox.GroupId -Type Patient
        Assert-Failure (Get-Failure { $job | Remove-GroupExport -Path Variable:/x }) InvalidPath Remove-GroupExport InvalidArgument 'Variable:/x'
        $sandbox.Requests | Where-Object Method -EQ 'DELETE' | Should -BeNullOrEmpty
    }
}
