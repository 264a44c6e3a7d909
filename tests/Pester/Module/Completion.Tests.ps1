BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')

    # What Tab offers where | stands.
    function Get-Offer {
        param([string] $Line)
        $cursor = $Line.IndexOf('|')
        (TabExpansion2 $Line.Remove($cursor, 1) $cursor).CompletionMatches
    }

    # The line with the only offer in its place, as PSReadLine leaves it.
    function Get-CompletedLine {
        param([string] $Line)
        $cursor = $Line.IndexOf('|')
        $text = $Line.Remove($cursor, 1)
        $found = TabExpansion2 $text $cursor
        $found.CompletionMatches | Should -HaveCount 1
        $text.Remove($found.ReplacementIndex, $found.ReplacementLength).Insert($found.ReplacementIndex, $found.CompletionMatches[0].CompletionText)
    }
}

Describe 'Tab' {
    It 'makes "<Line>" "<Completed>"' -ForEach @(
        @{ Line = 'New-GroupExport g -Type MedicationReq|'; Completed = 'New-GroupExport g -Type MedicationRequest' }
        @{ Line = 'New-GroupExport g -OrganizeOutputBy Patie|'; Completed = 'New-GroupExport g -OrganizeOutputBy Patient' }
        @{ Line = 'New-GroupExport g -IncludeAssociatedData l|'; Completed = 'New-GroupExport g -IncludeAssociatedData LatestProvenanceResources' }
        @{ Line = 'Connect-GroupExport -EnvironmentFlag d|'; Completed = 'Connect-GroupExport -EnvironmentFlag Development' }
        @{ Line = 'New-GroupExport g -Element Patient.birth|'; Completed = 'New-GroupExport g -Element Patient.birthDate' }
        @{ Line = 'New-GroupExport g -Type Patient -Element birth|'; Completed = 'New-GroupExport g -Type Patient -Element birthDate' }
        @{ Line = 'New-GroupExport g -TypeFilter Observation?cate|'; Completed = 'New-GroupExport g -TypeFilter Observation?category=' }
        @{ Line = "New-GroupExport g -TypeFilter 'Observation?code=a&cate|' -WhatIf"; Completed = "New-GroupExport g -TypeFilter 'Observation?code=a&category=' -WhatIf" }
        @{ Line = 'New-GroupExport g -TypeFilter "Observation?date=ge$since&cate|"'; Completed = 'New-GroupExport g -TypeFilter "Observation?date=ge$since&category="' }
        @{ Line = "New-GroupExport g -Type Goal -TypeFilter |"; Completed = 'New-GroupExport g -Type Goal -TypeFilter Goal?' }
    ) {
        Get-CompletedLine $Line | Should -BeExactly $Completed
    }

    It 'offers the elements that every resource has where no type is named' {
        (Get-Offer 'New-GroupExport g -Element |').CompletionText | Select-Object -First 4 | Should -Be 'id', 'meta', 'implicitRules', 'language'
    }

    It 'completes the value of <_> from the names it can have' -ForEach 'Connect-GroupExport -SpecVersion |', 'Connect-GroupExport -RequestStyle |',
    'New-GroupExport -Method |', 'Save-ExportFiles -Validation |', 'Start-ExportSandbox -Fault |', 'Start-ExportSandbox -Authorization |' {
        $offers = @(Get-Offer $_)
        $offers.Count | Should -BeGreaterThan 1
        $offers | ForEach-Object { $_.ResultType | Should -Be 'ParameterValue' }
    }

    It 'leads to a filter that the kick-off takes' {
        $sandbox = Start-TestSandbox
        try {
            $connection = $sandbox | Connect-GroupExport
            $line = (Get-CompletedLine "New-GroupExport -GroupId $($sandbox.GroupId) -TypeFilter 'Observation?code=4548-4&_lastU|'") -replace "='$", "=ge2020-01-01'"
            [scriptblock]::Create("$line -Connection `$connection").InvokeReturnAsIs() | Out-Null
            [uri]::UnescapeDataString((Get-KickOff $sandbox).Query + (Get-KickOff $sandbox).Body) | Should -Match '_lastUpdated=ge2020-01-01'
        }
        finally {
            Disconnect-GroupExport
            $sandbox | Stop-ExportSandbox
        }
    }
}
