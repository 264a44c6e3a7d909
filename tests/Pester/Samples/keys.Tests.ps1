BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    . (Join-Path $PSScriptRoot 'SampleRun.ps1')
}

AfterAll {
    $env:PSModulePath = $modulePathBefore
    Disconnect-GroupExport
}

Describe 'keys-from-secretmanagement.ps1' {
    AfterEach {
        Remove-Item Function:\Get-Secret -ErrorAction Ignore
        $sandbox | Stop-ExportSandbox
    }

    It 'connects with a key out of the vault, and nightly.ps1 goes over that connection' {
        $sandbox = Start-TestSandbox -With @{ Authorization = 'PrivateKeyJwt' }
        function Get-Secret { param($Name, $Vault) if ($Name -eq 'redox-key' -and $Vault -eq 'work') { $sandbox.PrivateKey } }
        $to = @{ BaseUri = $sandbox.BaseUri; DestinationSlug = $sandbox.DestinationSlug; EnvironmentFlag = $sandbox.EnvironmentFlag }
        $connection = & (Join-Path $samples 'keys-from-secretmanagement.ps1') -KeySecret redox-key -Vault work -ClientId $sandbox.ClientId @to
        Test-GroupExportConnection -Connection $connection -Quiet | Should -BeTrue

        $path = Join-Path $TestDrive "$([guid]::NewGuid())"
        $summary = & (Join-Path $samples 'nightly.ps1') -GroupId $sandbox.GroupId -Path $path
        $LASTEXITCODE | Should -Be 0 -Because $summary
        (Get-Night $path).State | Should -Be 'Complete'
    }

    It 'connects with a client id and secret' {
        $sandbox = Start-TestSandbox -With @{ Authorization = 'ClientSecret' }
        function Get-Secret { param($Name) [pscredential]::new($sandbox.ClientId, $sandbox.ClientSecret) }
        $to = @{ BaseUri = $sandbox.BaseUri; DestinationSlug = $sandbox.DestinationSlug; EnvironmentFlag = $sandbox.EnvironmentFlag }
        $connection = & (Join-Path $samples 'keys-from-secretmanagement.ps1') -KeySecret fhir-client @to
        Test-GroupExportConnection -Connection $connection -Quiet | Should -BeTrue
    }

    It 'does not take a secret in plain text' {
        $sandbox = Start-TestSandbox
        function Get-Secret { param($Name) [byte[]] (1, 2, 3) }
        { & (Join-Path $samples 'keys-from-secretmanagement.ps1') -KeySecret other -ClientId x -DestinationSlug s -EnvironmentFlag f } | Should -Throw '*neither a text nor a credential*'
    }
}

Describe 'new-key.ps1' {
    It 'makes an <_> key that Connect-GroupExport takes, and a public one without its secret' -ForEach 'ES384', 'RS384' {
        $sandbox = Start-TestSandbox
        try {
            $private = Join-Path $TestDrive "$_.jwk"
            $public = Join-Path $TestDrive "$_.json"
            $made = & (Join-Path $samples 'new-key.ps1') -Path $private -PublicPath $public -Algorithm $_
            $check = Connect-GroupExport -FhirBaseUri $sandbox.FhirBaseUri -ClientId me -PrivateKeyPath $private | Test-GroupExportConnection | Where-Object Name -EQ 'Key'
            $check.Passed | Should -BeTrue
            $check.Detail | Should -BeLike "$_ key $($made.KeyId)*"

            $set = Get-Content -Raw $public | ConvertFrom-Json
            $set.keys | Should -HaveCount 1
            $set.keys[0].kid | Should -BeExactly $made.KeyId
            $set.keys[0].PSObject.Properties.Name | Should -Not -Contain 'd'
            if (-not $IsWindows) { [int] [IO.File]::GetUnixFileMode($private) | Should -Be 0x180 }
            { & (Join-Path $samples 'new-key.ps1') -Path $private -PublicPath $public } | Should -Throw -Because 'a key is never overwritten'
        }
        finally { $sandbox | Stop-ExportSandbox }
    }
}
