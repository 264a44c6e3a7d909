# What the cmdlets that talk to a server have in common: they need a connection, and those that take a job refuse what is none.

BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    $sandbox = Start-TestSandbox
    $sandbox | Connect-GroupExport | Out-Null
    $all = $sandbox.GroupId
    $elsewhere = Start-TestSandbox -PatientCount 1
}

AfterAll {
    Disconnect-GroupExport
    $sandbox, $elsewhere | Stop-ExportSandbox
}

Describe '<Command> without a connection' -ForEach @(
    @{ Command = 'New-GroupExport'; Script = { New-GroupExport -GroupId $all } }
    @{ Command = 'Get-ExportStatus'; Script = { $stored | Get-ExportStatus } }
    @{ Command = 'Save-ExportFiles'; Script = { $stored | Save-ExportFiles -Path $folder } }
    @{ Command = 'Remove-GroupExport'; Script = { $stored | Remove-GroupExport } }
) {
    BeforeAll {
        $sandbox | Connect-GroupExport | Out-Null
        $stored = New-GroupExport -GroupId $all -Type Patient | ConvertTo-Json | ConvertFrom-Json
        $folder = Join-Path $TestDrive 'no-connection'
        $closed = Get-GroupExportConnection
        Disconnect-GroupExport
        $sandbox.ClearRequests()
    }

    It 'says so: NoConnection' {
        Assert-Failure (Get-Failure $Script) NoConnection $Command ConnectionError $Command
        $sandbox.Requests | Should -BeNullOrEmpty
        $folder | Should -Not -Exist
    }

    It 'says of a closed one that it is closed: ConnectionClosed' {
        $PSDefaultParameterValues = @{ "${Command}:Connection" = $closed }
        Assert-Failure (Get-Failure $Script) ConnectionClosed $Command ConnectionError $closed.Server
        $sandbox.Requests | Should -BeNullOrEmpty
    }
}

Describe '<Command> refuses' -ForEach @(
    @{ Command = 'Get-ExportStatus' }
    @{ Command = 'Save-ExportFiles' }
    @{ Command = 'Remove-GroupExport' }
) {
    BeforeAll {
        $sandbox | Connect-GroupExport | Out-Null
        $folder = Join-Path $TestDrive 'never-made'
        $with = $Command -eq 'Save-ExportFiles' ? @{ Path = $folder } : @{}
    }

    BeforeEach {
        $sandbox.ClearRequests()
        $elsewhere.ClearRequests()
    }

    It '<Name>: <Id>' -ForEach @(
        @{ Name = 'an object without a status URL'; Id = 'NotAJob'; Category = 'InvalidArgument'; Job = { [pscustomobject] @{ Name = 'x' } } }
        @{ Name = 'a relative status URL'; Id = 'InvalidServerUri'; Category = 'InvalidArgument'; Job = { 'bulkstatus/1' } }
        @{ Name = 'a status URL of plain http'; Id = 'InvalidServerUri'; Category = 'InvalidArgument'; Job = { 'http://fhir.example.org/status/1' } }
        @{ Name = 'a status URL with a line break'; Id = 'UnsafeServerUrl'; Category = 'SecurityError'; Job = { "$($sandbox.BaseUri)fhir/bulkstatus/1`r`nX-Injected: 1" } }
        @{ Name = 'a saved job whose status URL has a line break'; Id = 'UnsafeServerUrl'; Category = 'SecurityError'
            Job = { [pscustomobject] @{ StatusUrl = "$($sandbox.BaseUri)fhir/bulkstatus/1`n"; GroupId = 'g' } } }
        @{ Name = 'a status URL of another origin'; Id = 'UntrustedStatusOrigin'; Category = 'SecurityError'; Job = { "$($elsewhere.BaseUri)fhir/bulkstatus/1" } }
        @{ Name = 'a job of another server'; Id = 'WrongConnection'; Category = 'InvalidArgument'
            Job = { [pscustomobject] @{ StatusUrl = "$($elsewhere.BaseUri)fhir/bulkstatus/1"; Server = "$($elsewhere.BaseUri)fhir/"; GroupId = 'g' } } }
    ) {
        $given = & $Job
        Assert-Failure (Get-Failure { $given | & $Command @with }) $Id $Command $Category
        $sandbox.Requests | Should -BeNullOrEmpty
        $elsewhere.Requests | Should -BeNullOrEmpty
        $folder | Should -Not -Exist
    }

    It 'to run without a job: NotAJob' {
        Assert-Failure (Get-Failure { & $Command @with }) NotAJob $Command InvalidArgument 'InputObject'
    }
}
