BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
}

Describe 'quickstart.ps1' {
    BeforeAll {
        $quickstart = Join-Path $RepositoryRoot 'samples' 'quickstart.ps1'
        $quick = '$PSDefaultParameterValues[''Start-ExportSandbox:ExportDuration''] = 0.2; $PSDefaultParameterValues[''Start-ExportSandbox:RetryAfter''] = 0'
    }

    It 'runs as it is, with exit code 0' {
        $output = & $PwshPath -NoProfile -NonInteractive -Command "Import-Module '$ModulePath'; & '$quickstart'" 2>&1
        $LASTEXITCODE | Should -Be 0 -Because ($output | Out-String)
        ($output | Out-String) | Should -Match 'Saved [\d,]+ resources in \d+ files, as many as the manifest says\.'
        ($output | Out-String) -replace '\x1b\[[0-9;]*m' | Should -Match '(?m)^Saved +Patient +50 '
        ($output | Out-String) | Should -Not -Match 'WARNING|Exception'
    }

    It 'saves to a folder and exports given data' {
        $data = (New-Item -ItemType Directory (Join-Path $TestDrive 'data')).FullName
        '{"resourceType":"Patient","id":"p1"}' | Set-Content (Join-Path $data 'Patient.ndjson')
        $folder = Join-Path $TestDrive 'quickstart'
        $output = & $PwshPath -NoProfile -NonInteractive -Command "$quick; Import-Module '$ModulePath'; & '$quickstart' -Path '$folder' -DataPath '$data'" 2>&1
        $LASTEXITCODE | Should -Be 0 -Because ($output | Out-String)
        (Get-FileHash (Join-Path $folder 'Patient.0001.ndjson')).Hash | Should -Be (Get-FileHash (Join-Path $data 'Patient.ndjson')).Hash
    }

    It 'ends with an error when it fails' {
        & $PwshPath -NoProfile -NonInteractive -Command "Import-Module '$ModulePath'; & '$quickstart' -DataPath '$(Join-Path $TestDrive 'not-there')'" *> $null
        $LASTEXITCODE | Should -Not -Be 0
    }
}
