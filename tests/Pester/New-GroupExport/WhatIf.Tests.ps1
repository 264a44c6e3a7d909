BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    $sandbox = Start-TestSandbox
    $sandbox | Connect-GroupExport | Out-Null
    $all = $sandbox.GroupId
    $address = Get-SandboxAddress $sandbox
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
}

Describe 'New-GroupExport -WhatIf' {
    BeforeEach {
        $sandbox.ClearRequests()
    }

    It 'sends nothing and shows verb, URL and body, with patients as a count' {
        $child = Invoke-Child -With $address -Script {
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            'Patient/secret-1', 'Patient/secret-2', 'Patient/secret-3' | New-GroupExport -GroupId $with.GroupId -Type Observation -WhatIf
        }
        $sandbox.Requests | Should -BeNullOrEmpty
        $child.Output | Should -HaveCount 1 -Because $child.Text
        $child.Text | Should -Match ([regex]::Escape("POST $($address.BaseUri)fhir/R4/$($address.Slug)/$($address.Flag)/Group/$all/`$export with body {"))
        $child.Text | Should -Match '"_type":"Observation"'
        $child.Text | Should -Match '\(3 patients\)'
        $child.Text | Should -Not -Match 'secret'
    }

    It 'with -Method Get shows the query, and masks patients in filters' {
        $child = Invoke-Child -With $address -Script {
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            New-GroupExport -GroupId $with.GroupId -Method Get -TypeFilter 'Observation?subject=Patient/secret-1' -WhatIf
        }
        $sandbox.Requests | Should -BeNullOrEmpty
        $child.Text | Should -Match 'GET http.*\$export\?_typeFilter='
        $child.Text | Should -Not -Match 'secret'
    }

    It 'by $WhatIfPreference is the same' {
        $child = Invoke-Child -With $address -Script {
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            $WhatIfPreference = $true
            'Patient/secret-1' | New-GroupExport -GroupId $with.GroupId
        }
        $sandbox.Requests | Should -BeNullOrEmpty
        $child.Text | Should -Match '\(1 patients\)'
        $child.Text | Should -Not -Match 'secret'
    }

    It 'with several groups shows each' {
        $child = Invoke-Child -With $address -Script {
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            New-GroupExport -GroupId a, b -WhatIf
        }
        $child.Output | Should -HaveCount 2
        $sandbox.Requests | Should -BeNullOrEmpty
    }
}
