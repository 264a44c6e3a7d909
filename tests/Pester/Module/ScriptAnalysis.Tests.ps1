BeforeDiscovery {
    $isInstalled = [bool](Get-Module PSScriptAnalyzer -ListAvailable)
    $root = [IO.Path]::GetFullPath((Join-Path $PSScriptRoot '..' '..' '..'))
    $version = (Import-PowerShellDataFile (Join-Path $root 'GroupExport.psd1')).ModuleVersion
    $settings = Join-Path $root 'PSScriptAnalyzerSettings.psd1'
    $acceptance = Join-Path $root 'tests' 'Pester'
    $files = @(
        Join-Path $root 'build.ps1'
        # As it is staged: its paths are those of the staged module.
        Join-Path $root 'output' 'GroupExport' $version 'GroupExport.psd1'
        (Get-ChildItem (Join-Path $root 'samples') -Filter *.ps1).FullName
    ) | ForEach-Object { @{ Path = $_; Name = [IO.Path]::GetRelativePath($root, $_); Settings = $settings } }
    $files += Get-ChildItem $acceptance -Recurse -Filter *.ps1 | ForEach-Object {
        @{ Path = $_.FullName; Name = [IO.Path]::GetRelativePath($root, $_.FullName); Settings = Join-Path $acceptance 'PSScriptAnalyzerSettings.psd1' }
    }
    $checked = $isInstalled ? $files : @()
}

Describe 'PSScriptAnalyzer' {
    It 'is installed and checks <Count> scripts (Install-PSResource PSScriptAnalyzer)' -Skip:(-not $isInstalled) -ForEach @(@{ Count = $files.Count }) {
        $Count | Should -BeGreaterThan 20
    }

    It 'finds nothing in <Name>' -ForEach $checked {
        Invoke-ScriptAnalyzer $Path -Settings $Settings | ForEach-Object { "line $($_.Line): $($_.RuleName): $($_.Message)" } | Should -BeNullOrEmpty
    }
}
