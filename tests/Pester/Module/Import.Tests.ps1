BeforeDiscovery {
    $root = [IO.Path]::GetFullPath((Join-Path $PSScriptRoot '..' '..' '..'))
    $manifest = Import-PowerShellDataFile (Join-Path $root 'GroupExport.psd1')
    $cmdlets = $manifest.CmdletsToExport
    $packages = $env:NUGET_PACKAGES ? $env:NUGET_PACKAGES : (Join-Path ([Environment]::GetFolderPath('UserProfile')) '.nuget' 'packages')
    $deps = Join-Path $root 'output' 'GroupExport' $manifest.ModuleVersion 'bin' 'deps'
    $foreign = @(
        foreach ($shipped in Get-ChildItem $deps -Filter 'Microsoft.Extensions.*.dll' -ErrorAction Ignore) {
            $version = [Reflection.AssemblyName]::GetAssemblyName($shipped.FullName).Version
            Get-ChildItem (Join-Path $packages $shipped.BaseName.ToLowerInvariant() '*' 'lib' 'netstandard2.0' $shipped.Name) -ErrorAction Ignore |
                Where-Object { [Reflection.AssemblyName]::GetAssemblyName($_.FullName).Version -lt $version } |
                Select-Object -First 1 -ExpandProperty FullName
        }
    )
}

BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    $sandbox = Start-TestSandbox
    $address = Get-SandboxAddress $sandbox
}

AfterAll {
    $sandbox | Stop-ExportSandbox
}

Describe 'The staged module' {
    It 'has a valid manifest' {
        (Test-ModuleManifest $ModulePath).Version | Should -Be $ModuleVersion
    }

    It 'exports <_>' -ForEach $cmdlets {
        (Get-Command $_ -Module GroupExport).CommandType | Should -Be 'Cmdlet'
    }

    It 'exports nothing but the cmdlets of its manifest and one alias' {
        (Get-Command -Module GroupExport -CommandType Cmdlet, Function).Count | Should -Be (Import-PowerShellDataFile $ModulePath).CmdletsToExport.Count
        (Get-Module GroupExport).ExportedAliases.Keys | Should -Be 'Stop-GroupExport'
        (Get-Alias Stop-GroupExport).ReferencedCommand.Name | Should -Be 'Remove-GroupExport'
    }

    It 'uses approved verbs only' {
        $approved = (Get-Verb).Verb
        Get-Command -Module GroupExport -CommandType Cmdlet | ForEach-Object Verb | Sort-Object -Unique | Should -BeIn $approved
    }

    It 'asks for nothing: no parameter of <_> is mandatory' -ForEach $cmdlets {
        (Get-Command $_).ParameterSets.Parameters | Where-Object IsMandatory | Should -BeNullOrEmpty
    }

    It 'offers -WhatIf on <_>' -ForEach 'New-GroupExport', 'Save-ExportFiles', 'Remove-GroupExport', 'Stop-ExportSandbox' {
        (Get-Command $_).Parameters.Keys | Should -Contain 'WhatIf'
    }
}

Describe 'Importing' {
    It 'keeps all cmdlets and the alias after <Name>' -ForEach @(
        @{ Name = 'Import-Module -Force'; Again = { Import-Module $with.ModulePath -Force } }
        @{ Name = 'remove-then-import'; Again = { Remove-Module GroupExport; Import-Module $with.ModulePath } }
        @{ Name = 'remove-then-import, twice'; Again = { 1..2 | ForEach-Object { Remove-Module GroupExport; Import-Module $with.ModulePath } } }
    ) {
        $child = Invoke-Child -With $address -Script ([scriptblock]::Create(@"
            `$before = (Get-Module GroupExport).ExportedCommands.Keys -join ' '
            $Again
            `$after = (Get-Module GroupExport).ExportedCommands.Keys -join ' '
            if (`$before -cne `$after) { "before: `$before; after: `$after"; exit 1 }
            Connect-GroupExport -BaseUri `$with.BaseUri -DestinationSlug `$with.Slug -EnvironmentFlag `$with.Flag | Out-Null
            `$job = New-GroupExport -GroupId `$with.GroupId
            (Get-Alias Stop-GroupExport).ReferencedCommand.Name
            `$job.GetType().FullName
"@))
        $child.ExitCode | Should -Be 0 -Because $child.Text
        $child.Output | Should -Be 'Remove-GroupExport', 'GroupExport.Jobs.ExportJob'
    }

    It 'works by autoloading from PSModulePath' {
        $child = Invoke-Child -NoImport -With ($address + @{ Modules = Join-Path $RepositoryRoot 'output' }) -Script {
            $env:PSModulePath = $with.Modules + [IO.Path]::PathSeparator + $env:PSModulePath
            (Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag).IsOpen
        }
        $child.Output | Should -Be 'True' -Because $child.Text
    }

    It 'reads a parameter whose type is an enum of the engine' {
        (Get-Command Save-ExportFiles).Parameters['Validation'].ParameterType.FullName | Should -Be 'GroupExport.Files.Validation'
        $child = Invoke-Child -With ($address + @{ Path = Join-Path $TestDrive 'enum' }) -Script {
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            New-GroupExport -GroupId $with.GroupId -Type Patient | Save-ExportFiles -Path $with.Path -Validation None | ForEach-Object State
        }
        $child.Output | Should -Be 'Saved' -Because $child.Text
    }
}

Describe 'Side by side with older assemblies of other modules' {
    It 'runs FHIR code after a foreign Microsoft.Extensions.Caching.Memory was loaded' {
        $child = Invoke-Child -NoImport -With ($address + @{ Folder = $TestDrive }) -Script {
            $dll = Join-Path $with.Folder 'Microsoft.Extensions.Caching.Memory.dll'
            Add-Type -TypeDefinition 'namespace Microsoft.Extensions.Caching.Memory { public class MemoryCache { } }' -OutputAssembly $dll
            [Reflection.Assembly]::LoadFrom($dll).GetName().Version.ToString()
            Import-Module $with.ModulePath
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            try { New-GroupExport -GroupId no-such-group } catch { $_.FullyQualifiedErrorId; $_.Exception.ServerMessage }
        }
        $child.Output | Should -Be '0.0.0.0', 'KickOffRejected,GroupExport.Commands.NewGroupExportCommand', "There is no group 'no-such-group'." -Because $child.Text
    }

    It 'runs FHIR code after real older assemblies were loaded' -Skip:($foreign.Count -eq 0) -ForEach @(@{ Foreign = $foreign }) {
        $child = Invoke-Child -NoImport -With ($address + @{ Foreign = $Foreign }) -Script {
            $with.Foreign | ForEach-Object { [void] [Reflection.Assembly]::LoadFrom($_) }
            Import-Module $with.ModulePath
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            try { New-GroupExport -GroupId no-such-group } catch { $_.Exception.ServerMessage }
            # Those are the only ones that other modules see.
            [AppDomain]::CurrentDomain.GetAssemblies() |
                Where-Object { $_.GetName().Name -eq 'Microsoft.Extensions.Caching.Memory' -and [Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name -eq 'Default' } |
                Measure-Object | ForEach-Object Count
        }
        $child.Output[0] | Should -Be "There is no group 'no-such-group'." -Because $child.Text
        $child.Output[1] | Should -BeIn '0', '1'
    }

    It 'shows what the server says about a request it refuses' {
        $child = Invoke-Child -With $address -Script {
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            try { New-GroupExport -GroupId $with.GroupId -IncludeAssociatedData Everything } catch { $_.ToString() }
        }
        $child.Text | Should -Match "The parameter includeAssociatedData holds 'Everything'"
    }

    It 'leaves no dependency in the load context that modules share' {
        $child = Invoke-Child -With $address -Script {
            Connect-GroupExport -BaseUri $with.BaseUri -DestinationSlug $with.Slug -EnvironmentFlag $with.Flag | Out-Null
            New-GroupExport -GroupId no-such-group -ErrorAction SilentlyContinue
            [Runtime.Loader.AssemblyLoadContext]::Default.Assemblies |
                Where-Object { $_.GetName().Name -match '^(Polly|Hl7\.|Fhir\.|GroupExport\.(Core|Sandbox)$|Microsoft\.Extensions\.(Caching|Options|Logging))' } |
                ForEach-Object { $_.GetName().Name }
            'done'
        }
        $child.Output | Should -Be 'done'
    }
}

Describe 'Several runspaces' {
    BeforeAll {
        $connection = $sandbox | Connect-GroupExport
    }

    AfterAll {
        Disconnect-GroupExport $connection
    }

    It 'share a connection in ForEach-Object -Parallel' {
        $sandbox.ClearRequests()
        $folder = $TestDrive
        $saved = 1..6 | ForEach-Object -ThrottleLimit 3 -Parallel {
            Import-Module $using:ModulePath
            $number = $_
            $connection = $using:connection
            New-GroupExport -Connection $connection -GroupId diabetes-2026 -Type Patient |
                Save-ExportFiles -Connection $connection -Path (Join-Path $using:folder "parallel-$number")
        }
        $saved.Count | Should -Be 6
        $saved.Sha256 | Sort-Object -Unique | Should -HaveCount 1
        (Get-KickOff $sandbox).Count | Should -Be 6
    }

    It 'have each its own default connection' {
        $running = @(1..3 | ForEach-Object {
            $other = Start-TestSandbox -PatientCount $_
            @{ Sandbox = $other; Running = Start-InRunspace -ArgumentList $other -Script {
                param($sandbox)
                $sandbox | Connect-GroupExport | Out-Null
                Start-Sleep -Milliseconds 300
                (New-GroupExport -GroupId $sandbox.GroupId -Type Patient | Get-ExportStatus -Wait).ResourceCount
                (Get-GroupExportConnection).Server.StartsWith($sandbox.BaseUri.AbsoluteUri)
            } }
        })
        try {
            for ($i = 0; $i -lt 3; $i++) {
                $running[$i].Running.Handle.AsyncWaitHandle.WaitOne($Patience) | Should -BeTrue
                $running[$i].Running.Shell.Streams.Error | Should -BeNullOrEmpty
                $running[$i].Running.Output | Should -Be ($i + 1), $true
            }
        }
        finally {
            $running | ForEach-Object { Close-Runspace $_.Running; $_.Sandbox | Stop-ExportSandbox }
        }

        (Get-GroupExportConnection).Server | Should -Be $connection.Server
    }
}
