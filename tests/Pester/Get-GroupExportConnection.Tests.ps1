BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $sandbox = Start-TestSandbox
}

AfterAll {
    $sandbox | Stop-ExportSandbox
}

Describe 'Get-GroupExportConnection' {
    BeforeEach {
        $sandbox.ClearRequests()
    }

    AfterEach {
        Disconnect-GroupExport
    }

    It 'gives nothing, and no error, where there is no connection' {
        Get-GroupExportConnection -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'gives the connection that was opened last, and sends nothing' {
        $first = $sandbox | Connect-GroupExport
        $second = Connect-GroupExport -FhirBaseUri $sandbox.FhirBaseUri
        [object]::ReferenceEquals((Get-GroupExportConnection), $second) | Should -BeTrue
        $sandbox.Requests | Should -BeNullOrEmpty
        Disconnect-GroupExport $first
    }

    It 'gives nothing after it was closed by name' {
        $sandbox | Connect-GroupExport | Disconnect-GroupExport
        Get-GroupExportConnection | Should -BeNullOrEmpty
    }

    It 'gives what can be passed on as -Connection and by the pipeline' {
        $sandbox | Connect-GroupExport | Out-Null
        (New-GroupExport -Connection (Get-GroupExportConnection) -GroupId $sandbox.GroupId).Server | Should -Be (Get-GroupExportConnection).Server
        Get-GroupExportConnection | Test-GroupExportConnection -Quiet | Should -BeTrue
    }

    It 'shows a table that fits 100 columns, and no key or token' {
        $sandbox | Connect-GroupExport -AccessToken (ConvertTo-SecureString 'tok-shown-nowhere' -AsPlainText -Force) | Out-Null
        $lines = Get-ShownLine (Get-GroupExportConnection)
        $lines[0] | Should -Match '^Style +Authorization +Open +Server *$'
        $lines[2] | Should -Match '^Redox +AccessToken +True +http'
        Get-GroupExportConnection | Format-List * | Out-String | Should -Not -Match 'tok-'
    }
}
