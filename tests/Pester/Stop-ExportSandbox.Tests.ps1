BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
}

Describe 'Stop-ExportSandbox' {
    It 'stops the one that is piped' {
        $first = Start-TestSandbox
        $second = Start-TestSandbox
        $first | Stop-ExportSandbox
        $first.IsRunning | Should -BeFalse
        $second.IsRunning | Should -BeTrue
        { Invoke-WebRequest "$($first.FhirBaseUri)/metadata" } | Should -Throw
        (Invoke-WebRequest "$($second.FhirBaseUri)/metadata").StatusCode | Should -Be 200
        $second | Stop-ExportSandbox
    }

    It 'refuses what is no sandbox, and stops none: InputObjectNotBound' {
        $sandbox = Start-TestSandbox
        $failure = Get-Failure { $sandbox.BaseUri | Stop-ExportSandbox }
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId InputObjectNotBound Stop-ExportSandbox)
        $sandbox.IsRunning | Should -BeTrue
        $sandbox | Stop-ExportSandbox
    }

    It 'can be run twice' {
        $sandbox = Start-TestSandbox
        $sandbox | Stop-ExportSandbox
        { $sandbox | Stop-ExportSandbox -ErrorAction Stop } | Should -Not -Throw
    }

    It 'keeps what arrived, for a look afterwards' {
        $sandbox = Start-TestSandbox
        Invoke-WebRequest "$($sandbox.FhirBaseUri)/metadata" | Out-Null
        $sandbox | Stop-ExportSandbox
        $sandbox.Requests | Should -HaveCount 1
    }

    It 'stops all of the process when none is named' {
        $child = Invoke-Child {
            $all = 1..3 | ForEach-Object { Start-ExportSandbox -PatientCount 1 }
            Stop-ExportSandbox
            $all.IsRunning
        }
        $child.Output | Should -Be 'False', 'False', 'False'
    }

    It 'stops nothing with -WhatIf' {
        $child = Invoke-Child {
            $sandbox = Start-ExportSandbox -PatientCount 1
            $sandbox | Stop-ExportSandbox -WhatIf
            $sandbox.IsRunning
        }
        $child.Output | Should -HaveCount 2
        $child.Output[1] | Should -Be 'True'
    }
}
