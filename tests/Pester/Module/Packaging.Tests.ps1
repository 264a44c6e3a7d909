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

}

Describe 'The module in a repository of PSResourceGet' -Skip:(-not $installer) {
    BeforeAll {
        $published = (New-Item -ItemType Directory (Join-Path $TestDrive 'published')).FullName
        $repositories = @{ "GroupExport-$([guid]::NewGuid().ToString('N'))" = $packages; "GroupExport-$([guid]::NewGuid().ToString('N'))" = $published }
        $repositories.GetEnumerator() | ForEach-Object { Register-PSResourceRepository -Name $_.Key -Uri $_.Value -Trusted }
        $packed, $uploaded = $packages, $published | ForEach-Object { $folder = $_; ($repositories.GetEnumerator() | Where-Object Value -EQ $folder).Key }
        Publish-PSResource -Path (Split-Path $ModulePath) -Repository $uploaded
    }

    AfterAll { $repositories.Keys | ForEach-Object { Unregister-PSResourceRepository -Name $_ } }

    It 'shows what it is, who may use it and where to read on, as <_>' -ForEach 'packed', 'uploaded' {
        $shown = Find-PSResource GroupExport -Repository (Get-Variable $_ -ValueOnly) -Prerelease
        $manifest = Import-PowerShellDataFile $ModulePath
        "$($shown.Version)" | Should -Be $ModuleVersion
        $shown.Description | Should -Be $manifest.Description
        $shown.Author | Should -Be $manifest.Author
        $shown.Tags | Should -Contain 'FHIR'
        $shown.ProjectUri, $shown.LicenseUri | Should -Be $manifest.PrivateData.PSData.ProjectUri, $manifest.PrivateData.PSData.LicenseUri
    }

    It 'is saved with all its files, as <_>' -ForEach 'packed', 'uploaded' {
        $target = (New-Item -ItemType Directory (Join-Path $TestDrive "saved-$_")).FullName
        Save-PSResource GroupExport -Repository (Get-Variable $_ -ValueOnly) -Path $target -Prerelease
        $names = { param($folder) Get-ChildItem $folder -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($folder, $_.FullName) } | Where-Object { $_ -ne 'PSGetModuleInfo.xml' } | Sort-Object }
        & $names (Join-Path $target 'GroupExport' $ModuleVersion) | Should -Be (& $names (Split-Path $ModulePath))
    }

    # On Windows the folder of a user's modules cannot be moved.
    It 'is installed, imported by name in a fresh shell, and exports' -Skip:$IsWindows {
        $child = Invoke-Child -NoImport -With @{ Home = (New-Item -ItemType Directory (Join-Path $TestDrive 'home')).FullName; Repository = $packages } -Script {
            # PowerShell reads these when it starts.
            if ($env:HOME -ne $with.Home) {
                $env:HOME = $with.Home
                $env:XDG_DATA_HOME = $env:XDG_CACHE_HOME = $env:XDG_CONFIG_HOME = $env:PSModulePath = $null
                $shell = Join-Path $PSHOME 'pwsh'
                & $shell -NoProfile -NonInteractive -File $PSCommandPath
                exit $LASTEXITCODE
            }

            Register-PSResourceRepository -Name Folder -Uri $with.Repository -Trusted
            Install-PSResource GroupExport -Repository Folder -Prerelease
            $sandbox = Start-ExportSandbox -PatientCount 3 -ExportDuration 0.1 -RetryAfter 0
            $null = $sandbox | Connect-GroupExport
            $null = New-GroupExport $sandbox.GroupId | Save-ExportFiles (Join-Path $with.Home 'export')
            (Get-Module GroupExport).ModuleBase
            (Get-ExportReceipt (Join-Path $with.Home 'export')).State
        }
        $child.ExitCode | Should -Be 0 -Because $child.Text
        $child.Output[-1] | Should -Be 'Complete'
        $child.Output[-2] | Should -BeLike "$TestDrive*home*"
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
