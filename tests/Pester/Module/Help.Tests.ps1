BeforeDiscovery {
    $source = Join-Path $PSScriptRoot '..' '..' '..' 'docs' 'en-US'
    # Every block of code that is not marked as one that cannot run against a sandbox, with the heading above it.
    $examples = foreach ($file in Get-ChildItem $source -Filter *.md | Where-Object Name -NE 'README.md') {
        $heading = $null
        $text = (Get-Content -Raw $file) -replace "`r"
        foreach ($match in [regex]::Matches($text, '(?ms)^#+ (?<heading>[^\n]*)$|^```(?<info>[^\n]*)\n(?<code>.*?)^```$')) {
            if ($match.Groups['heading'].Success) { $heading = $match.Groups['heading'].Value }
            elseif ($match.Groups['info'].Value -eq 'powershell') { @{ File = $file.BaseName; Heading = $heading; Code = $match.Groups['code'].Value } }
        }
    }
    $cmdlets = (Import-PowerShellDataFile (Join-Path $PSScriptRoot '..' '..' '..' 'GroupExport.psd1')).CmdletsToExport | ForEach-Object {
        $name = $_
        @{ Name = $name; Code = @($examples | Where-Object { $_.File -eq $name } | ForEach-Object Code) }
    }
    $topics = (Get-ChildItem $source -Filter about_*.md).BaseName
}

BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    $preparation = Join-Path $PSScriptRoot '..' 'ExampleSession.ps1'

    # Runs an example in a session of its own, without a host that it could ask: its errors, whether they ended it or not.
    function Get-ExampleFailure {
        param([string] $Code, [string] $Root)
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript('param($module, $preparation, $root, $code) Import-Module $module; . $preparation $root; . ([scriptblock]::Create($code))')
            $null = $shell.AddArgument($ModulePath).AddArgument($preparation).AddArgument($Root).AddArgument($Code)
            $ended = try { $null = $shell.Invoke() } catch { $_.Exception.InnerException.ErrorRecord ?? $_ }
            $shell.Streams.Error
            $ended
            $shell.Commands.Clear()
            $null = $shell.AddCommand('Stop-ExportSandbox').Invoke()
        }
        finally {
            $shell.Runspace.Dispose()
            $shell.Dispose()
        }
    }
}

Describe 'The code runs against a sandbox: <File>, <Heading>' -ForEach $examples {
    It 'without an error' {
        $root = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
        Get-ExampleFailure $Code $root | ForEach-Object { "$($_.FullyQualifiedErrorId): $_" } | Should -BeNullOrEmpty
    }
}

Describe 'Get-Help <Name>' -ForEach $cmdlets {
    It 'shows all with -Full' {
        $text = Get-Help $Name -Full | Out-String -Width 100
        foreach ($part in 'SYNOPSIS', 'SYNTAX', 'DESCRIPTION', 'PARAMETERS', 'INPUTS', 'OUTPUTS', 'Example 3', 'RELATED LINKS') {
            $text | Should -MatchExactly $part
        }
    }

    It 'shows the code with -Examples' {
        $text = (Get-Help $Name -Examples | Out-String -Width 1000) -replace '\s'
        $Code | Should -Not -BeNullOrEmpty
        foreach ($one in $Code) { $text.Contains(($one -replace '\s')) | Should -BeTrue -Because $one }
    }

    It 'explains each parameter with -Parameter' {
        (Get-Command $Name).Parameters.Keys | Where-Object { $_ -notin [Management.Automation.PSCmdlet]::CommonParameters } | ForEach-Object {
            (Get-Help $Name -Parameter $_).description.Text | Should -Not -BeNullOrEmpty -Because "$Name -$_ needs a text"
        }
    }
}

Describe 'Get-Help <_>' -ForEach $topics {
    It 'shows the topic' {
        Get-Help $_ | Should -MatchExactly "^TOPIC\s+$_\s+SHORT DESCRIPTION"
    }
}

Describe 'Get-Help Stop-GroupExport' {
    It 'leads to Remove-GroupExport' {
        (Get-Help Stop-GroupExport).Name | Should -Be 'Remove-GroupExport'
    }
}
