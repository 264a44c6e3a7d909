using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Loading;

/// <summary>How the module loads shows only in a fresh engine process: a test process has other assemblies and another load context.</summary>
public sealed class FreshProcessTests
{
    private const string Seen = "FHIR says: Hl7.Fhir.Model.Patient born 2026-11";

    // Only -As Fhir needs the FHIR library.
    private const string TouchFhir = """
        $file = [IO.Path]::Combine([IO.Path]::GetTempPath(), "$([guid]::NewGuid()).ndjson")
        [IO.File]::WriteAllText($file, '{"resourceType":"Patient","id":"a","birthDate":"2026-11"}')
        $patient = Import-ExportFiles $file -As Fhir
        [IO.File]::Delete($file)
        "FHIR says: $($patient.GetType().FullName) born $($patient.BirthDate)"
        """;

    private static readonly string s_import = $"Import-Module '{BuildFacts.StagedModule}'\n";

    [Fact]
    public async Task FHIR_code_works_in_a_fresh_process()
    {
        ShellResult result = await FreshPowerShell.RunAsync(s_import + TouchFhir);

        Assert.Contains(Seen, result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task FHIR_code_works_with_older_foreign_assemblies_loaded_first()
    {
        string foreign = string.Join("\n", BuildFacts.ForeignExtensions.Select(path => $"$null = [Reflection.Assembly]::LoadFrom('{path}')"));
        string contexts = """

            [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'Microsoft.Extensions.Caching.Memory' } |
                ForEach-Object { "loaded: $($_.GetName().Version) in $([Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name)" }
            """;

        ShellResult result = await FreshPowerShell.RunAsync(foreign + "\n" + s_import + TouchFhir + contexts);

        Assert.Contains(Seen, result.Output);
        Assert.Contains("loaded: 6.0.0.0 in Default", result.Output);
        Assert.Contains("loaded: 8.0.0.0 in GroupExport", result.Output);
    }

    [Fact]
    public async Task Importing_again_by_force_or_after_removal_keeps_all_cmdlets()
    {
        ShellResult result = await FreshPowerShell.RunAsync(s_import + $$"""
            $first = @(Get-Command -Module GroupExport).Count
            Import-Module '{{BuildFacts.StagedModule}}' -Force
            $forced = @(Get-Command -Module GroupExport).Count
            Remove-Module GroupExport
            Import-Module '{{BuildFacts.StagedModule}}'
            $again = @(Get-Command -Module GroupExport).Count
            "$first, $forced, $again commands"
            """ + "\n" + TouchFhir);

        Assert.Matches(@"(?m)^([1-9]\d+), \1, \1 commands", result.Output);
        Assert.Contains(Seen, result.Output);
    }

    [Fact]
    public async Task Runspaces_work_side_by_side_over_one_connection()
    {
        ShellResult result = await FreshPowerShell.RunAsync(s_import + $$"""
            $sandbox = Start-ExportSandbox -PatientCount 5 -ExportDuration 0.2 -RetryAfter 0
            $connection = $sandbox | Connect-GroupExport
            $counts = 1..6 | ForEach-Object -ThrottleLimit 6 -Parallel {
                Import-Module '{{BuildFacts.StagedModule}}'
                $ProgressPreference = 'SilentlyContinue'
                $folder = [IO.Path]::Combine([IO.Path]::GetTempPath(), "group-export-$([guid]::NewGuid())")
                $files = @(New-GroupExport ($using:sandbox).GroupId -Type Patient -Connection $using:connection | Save-ExportFiles $folder)
                [IO.Directory]::Delete($folder, $true)
                $files[0].Count
            }
            $sandbox | Stop-ExportSandbox
            "counts: $counts"
            """);

        Assert.Contains("counts: 5 5 5 5 5 5", result.Output);
        Assert.Equal("", result.Errors);
    }

    [Fact]
    public async Task An_enum_of_the_engine_is_a_parameter_type()
    {
        ShellResult result = await FreshPowerShell.RunAsync(s_import + "(Get-Command Save-ExportFiles).Parameters['Validation'].ParameterType.FullName");

        Assert.Equal("GroupExport.Files.Validation", result.Output.Trim());
    }
}
