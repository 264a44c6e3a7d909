# Type filters are held to the standard before they are sent, because servers pass over in silence what they do not know.

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

Describe 'New-GroupExport -TypeFilter' {
    BeforeEach {
        $sandbox.ClearRequests()
    }

    It 'refuses <Name>: <Id>' -ForEach @(
        @{ Name = 'no search'; Id = 'InvalidParameter'; Filter = 'Observation'; Target = 'TypeFilter' }
        @{ Name = 'a search with a URL'; Id = 'InvalidParameter'; Filter = 'https://fhir.example.org/Observation?status=final'; Target = 'TypeFilter' }
        @{ Name = 'a result parameter'; Id = 'InvalidParameter'; Filter = 'Observation?_include=Observation:subject'; Target = 'TypeFilter' }
        @{ Name = 'an unknown type'; Id = 'UnknownResourceType'; Filter = 'Observaton?status=final'; Target = 'Observaton' }
    ) {
        $failure = Get-Failure { New-GroupExport -GroupId $all -TypeFilter $Filter }
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId $Id New-GroupExport)
        $failure.TargetObject | Should -Be $Target
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'warns of a parameter that R4 does not have, names the near one and sends the request' {
        New-GroupExport -GroupId $all -TypeFilter 'Condition?clinicalStatus=active' -ErrorAction SilentlyContinue -WarningVariable warnings -WarningAction SilentlyContinue | Out-Null
        $warnings | Should -HaveCount 1
        $warnings[0].Message | Should -BeLike "*'clinicalStatus'*did you mean clinical-status*"
        $warnings[0].Message | Should -Not -Match '=|active'
        Get-KickOff $sandbox | Should -HaveCount 1
    }

    It 'warns of a filter of a type that is not exported' {
        New-GroupExport -GroupId $all -Type Patient -TypeFilter 'Observation?status=final' -WarningVariable warnings -WarningAction SilentlyContinue | Out-Null
        $warnings | Should -HaveCount 1
        $warnings[0].Message | Should -BeLike '*filters of Observation*'
    }

    It 'says nothing of a good one, and does not load the FHIR SDK for it' {
        $child = Invoke-Child -With (Get-SandboxAddress $sandbox) -Script {
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            New-GroupExport -GroupId $with.GroupId -TypeFilter 'Observation?status=final&_lastUpdated=gt2026-01-01' | Out-Null
            [AppDomain]::CurrentDomain.GetAssemblies().Where{ $_.GetName().Name -like 'Hl7.*' }.Count
        }
        $child.Output | Should -BeExactly '0'
    }
}
