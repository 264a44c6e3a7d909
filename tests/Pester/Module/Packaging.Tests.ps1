BeforeDiscovery {
    $installer = Get-Command Save-PSResource, Register-PSResourceRepository -ErrorAction Ignore
}

BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    $project = Join-Path $RepositoryRoot 'src' 'GroupExport'
    # Whatever the build staged last.
    $configuration = Get-Content (Join-Path $project 'obj' 'staged-configuration.txt')
    $packages = Join-Path $TestDrive 'packages'
    $log = dotnet pack $project --no-build --configuration $configuration -p:PackDebugBuild=true "-p:PackageOutputPath=$packages" -nologo -nodeReuse:false 2>&1
    if ($LASTEXITCODE -ne 0) { throw "dotnet pack failed: $log" }
    $nupkg = (Get-ChildItem $packages -Filter *.nupkg).FullName

    # As an installer does it.
    $modules = Join-Path $TestDrive 'modules'
    $installed = Join-Path $modules 'GroupExport' $ModuleVersion
    [IO.Compression.ZipFile]::ExtractToDirectory($nupkg, $installed)
    foreach ($packaging in 'GroupExport.nuspec', '[Content_Types].xml', '_rels', 'package') {
        Remove-Item -LiteralPath (Join-Path $installed $packaging) -Recurse -Force
    }
}

Describe 'The package of the module' {
    It 'is found by name where its folder is in PSModulePath, with all commands' {
        $child = Invoke-Child -NoImport -With @{ Modules = $modules } -Script {
            $env:PSModulePath = $with.Modules + [IO.Path]::PathSeparator + $env:PSModulePath
            Import-Module GroupExport
            $module = Get-Module GroupExport
            $module.ModuleBase
            $module.Version.ToString()
            $module.ExportedCommands.Count
        }
        $manifest = Import-PowerShellDataFile (Join-Path $RepositoryRoot 'GroupExport.psd1')
        $child.Output | Should -Be $installed, $ModuleVersion, "$($manifest.CmdletsToExport.Count + $manifest.AliasesToExport.Count)" -Because $child.Text
    }

    It 'has a manifest that is valid where it was unzipped, with the links that a gallery shows' {
        $manifest = Test-ModuleManifest (Join-Path $installed 'GroupExport.psd1')
        $manifest.Version.ToString() | Should -Be $ModuleVersion
        $manifest.LicenseUri, $manifest.ProjectUri, $manifest.IconUri | ForEach-Object { $_.Scheme | Should -Be 'https' }
        $manifest.Tags | Should -Contain 'PSEdition_Core'
        $manifest.ReleaseNotes | Should -Not -BeNullOrEmpty
    }

    It 'runs the quickstart' {
        $child = Invoke-Child -NoImport -With @{ Modules = $modules; Quickstart = Join-Path $RepositoryRoot 'samples' 'quickstart.ps1' } -Script {
            $env:PSModulePath = $with.Modules + [IO.Path]::PathSeparator + $env:PSModulePath
            Import-Module GroupExport
            $PSDefaultParameterValues = @{ 'Start-ExportSandbox:ExportDuration' = 0.2; 'Start-ExportSandbox:RetryAfter' = 0 }
            & $with.Quickstart
            (Get-Module GroupExport).ModuleBase
        }
        $child.ExitCode | Should -Be 0 -Because $child.Text
        $child.Text | Should -Match 'Saved [\d,]+ resources in \d+ files, as many as the manifest says\.'
        $child.Output[-1] | Should -Be $installed
    }

    It 'is installed by PSResourceGet from a folder' -Skip:(-not $installer) {
        $repository = "GroupExport-$([guid]::NewGuid().ToString('N'))"
        $target = (New-Item -ItemType Directory (Join-Path $TestDrive 'saved')).FullName
        Register-PSResourceRepository -Name $repository -Uri $packages -Trusted
        try { Save-PSResource GroupExport -Repository $repository -Path $target -Prerelease }
        finally { Unregister-PSResourceRepository -Name $repository }
        Join-Path $target 'GroupExport' $ModuleVersion 'GroupExport.psd1' | Should -Exist
    }
}

Describe 'build.ps1 -Task Package' {
    It 'makes no package of a debug build' {
        { & (Join-Path $RepositoryRoot 'build.ps1') -Task Package -Configuration Debug } | Should -Throw 'A package is made of a Release build.'
    }

    It 'says at once where signing does not work' -Skip:$IsWindows {
        { & (Join-Path $RepositoryRoot 'build.ps1') -Task Package -CertificateThumbprint 0011 } |
            Should -Throw 'Authenticode signatures are made on Windows only.*'
    }

    It 'says at once that the certificate is not there' -Skip:(-not $IsWindows) {
        { & (Join-Path $RepositoryRoot 'build.ps1') -Task Package -CertificateThumbprint 0011 } |
            Should -Throw 'There is no code-signing certificate 0011 *'
    }

    It 'signs nothing but a package' {
        { & (Join-Path $RepositoryRoot 'build.ps1') -Task Build -CertificateThumbprint 0011 } | Should -Throw 'Only a package is signed: -Task Package.'
    }
}
