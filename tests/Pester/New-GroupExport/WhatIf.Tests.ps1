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
    BeforeAll {
        $sandbox.ClearRequests()
        # What a host shows is seen from outside only.
        $child = Invoke-Child -With $address -Script {
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            'patients'
            'Patient/secret-1', 'Patient/secret-2', 'Patient/secret-3' | New-GroupExport -GroupId $with.GroupId -Type Observation -WhatIf
            'query'
            New-GroupExport -GroupId $with.GroupId -Method Get -TypeFilter 'Observation?subject=Patient/secret-1' -WhatIf
            'groups'
            New-GroupExport -GroupId a, b -WhatIf
            'preference'
            $WhatIfPreference = $true
            'Patient/secret-1' | New-GroupExport -GroupId $with.GroupId
        }
        $shown = @{}
        foreach ($line in $child.Output) {
            if ($line -notmatch ':') { $shown[($part = $line)] = @() } else { $shown[$part] += $line }
        }
    }

    It 'sends nothing' {
        $child.ExitCode | Should -Be 0 -Because $child.Text
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'shows verb, URL and body, with patients as a count' {
        $shown.patients | Should -HaveCount 1 -Because $child.Text
        $shown.patients | Should -Match ([regex]::Escape("POST $($address.BaseUri)fhir/R4/$($address.Slug)/$($address.Flag)/Group/$all/`$export with body {"))
        $shown.patients | Should -Match '"_type":"Observation"'
        $shown.patients | Should -Match '\(3 patients\)'
        $child.Text | Should -Not -Match 'secret'
    }

    It 'with -Method Get shows the query, and masks patients in filters' {
        $shown.query | Should -HaveCount 1 -Because $child.Text
        $shown.query | Should -Match 'GET http.*\$export\?_typeFilter=Observation%3Fsubject%3D…'
        $shown.query | Should -Not -Match 'secret'
    }

    It 'with several groups shows each' {
        $shown.groups | Should -HaveCount 2 -Because $child.Text
    }

    It 'by $WhatIfPreference is the same' {
        $shown.preference | Should -HaveCount 1 -Because $child.Text
        $shown.preference | Should -Match '\(1 patient\)'
        $shown.preference | Should -Not -Match 'secret'
    }
}
