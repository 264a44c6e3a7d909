using System.Management.Automation;
using System.Text.Json;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary><c>-Since</c> with an earlier export: its transaction time, verbatim, when it missed nothing of what is asked for now.</summary>
public sealed class IncrementalTests : SandboxRunspace
{
    private const string New = "GroupExport.Commands.NewGroupExportCommand";
    private const string Full = "$null = New-GroupExport $sandbox.GroupId -Type Patient, Observation -TypeFilter 'Observation?status=final,amended' | Save-ExportFiles $out; $receipt = Get-ExportReceipt $out; $sandbox.ClearRequests(); ";
    private const string Next = "New-GroupExport $sandbox.GroupId -Type Observation, Patient -TypeFilter 'Observation?status=final,amended' -Since ";

    [Theory]
    [InlineData("$out")]
    [InlineData("\"$out/\"")]
    [InlineData("([IO.DirectoryInfo] $out)")]
    [InlineData("$receipt")]
    [InlineData("([Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($receipt, 2)))")]
    public void The_transaction_time_of_an_earlier_export_is_sent_verbatim(string since)
    {
        EngineRun run = Run($"{Full} {Next}{since} -Verbose; $receipt.TransactionTime").AssertNoErrors();

        string time = (string)run.Output[^1].BaseObject;
        using JsonDocument body = JsonDocument.Parse((string)Requests.Single().Properties["Body"].Value);
        Assert.Equal(time, body.RootElement.GetProperty("_since").GetString());
        Assert.Contains(run.Verbose, line => line.Contains(time, StringComparison.Ordinal));
    }

    [Fact]
    public void Runs_chain_each_from_the_one_before()
    {
        Run($"{Full} $null = {Next}$out | Save-ExportFiles \"$out-2\"; $null = {Next}\"$out-2\"").AssertNoErrors();

        using JsonDocument body = JsonDocument.Parse((string)Requests[^1].Properties["Body"].Value);
        Assert.Equal(Run("Get-ExportReceipt \"$out-2\"").Value("TransactionTime"), body.RootElement.GetProperty("_since").GetString());
    }

    [Theory]
    [InlineData("Empty", 1)]
    [InlineData("Complete", 0)]
    public void A_whole_export_that_found_nothing_is_gone_on_from_with_a_warning(string state, int warnings)
    {
        EngineRun run = Run($"{Full} $earlier = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($receipt, 2)); $earlier.State = '{state}'; $null = {Next}$earlier").AssertNoErrors();

        Assert.Equal(warnings, run.Warnings.Count(warning => warning.Contains("will never come with -Since", StringComparison.Ordinal)));
        Assert.Contains("_since", (string)Requests.Single().Properties["Body"].Value);
    }

    [Theory]
    [InlineData("New-GroupExport $sandbox.GroupIds[1] -Type Observation, Patient -TypeFilter 'Observation?status=final,amended' -Since $out", "group")]
    [InlineData("New-GroupExport $sandbox.GroupIds -Type Observation, Patient -TypeFilter 'Observation?status=final,amended' -Since $out", "group")]
    [InlineData("New-GroupExport $sandbox.GroupId -Type Observation, Patient, Condition -TypeFilter 'Observation?status=final,amended' -Since $out", "Patient, Observation")]
    [InlineData("New-GroupExport $sandbox.GroupId -Type Observation, Patient -TypeFilter 'Observation?status=final' -Since $receipt", "other filters")]
    [InlineData("New-GroupExport $sandbox.GroupId -Type Observation, Patient -TypeFilter 'Observation?status=final,amended' -Element id -Since $receipt", "elements")]
    [InlineData("New-GroupExport $sandbox.GroupId -Since $out", "Patient, Observation")]
    public void An_export_of_something_else_will_not_do_and_nothing_is_sent(string script, string words)
    {
        ErrorRecord error = Run(Full + script).Error;

        Assert.Equal($"SinceSourceDiffers,{New}", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Contains(words, error.ErrorDetails.Message);
        Assert.Empty(Arrived);
    }

    [Fact]
    public void An_export_of_some_patients_will_not_do()
    {
        Run("$patient = [Text.Json.JsonDocument]::Parse([IO.File]::ReadAllLines((New-GroupExport $sandbox.GroupId -Type Patient | Save-ExportFiles \"$out-all\").Path)[0]).RootElement.GetProperty('id').GetString(); $null = \"Patient/$patient\" | New-GroupExport $sandbox.GroupId -Type Patient | Save-ExportFiles $out").AssertNoErrors();

        ErrorRecord error = Run("New-GroupExport $sandbox.GroupId -Type Patient -Since $out").Error;

        Assert.Equal($"SinceSourceDiffers,{New}", error.FullyQualifiedErrorId);
        Assert.Contains("some patients", error.ErrorDetails.Message);
    }

    [Fact]
    public void An_export_that_misses_a_file_will_not_do()
    {
        Run(Full).AssertNoErrors();
        File.Delete(Path.Combine(Out, "Patient.0001.ndjson"));

        Assert.Equal($"SinceSourceIncomplete,{New}", Run($"{Next}$out").Error.FullyQualifiedErrorId);
        Assert.Empty(Arrived);
    }

    [Theory]
    [InlineData("'./not there'", "InvalidInstant", "folder or receipt")]
    [InlineData("([IO.Path]::GetTempPath())", "ReceiptNotFound", "no export.json")]
    [InlineData("($receipt | Get-ExportStatus)", "InvalidInstant", "ExportStatus")]
    public void What_is_neither_an_instant_nor_an_export_has_its_error(string since, string id, string words)
    {
        ErrorRecord error = Run($"{Full} {Next}{since}").Error;

        Assert.Equal($"{id},{New}", error.FullyQualifiedErrorId);
        Assert.Contains(words, error.ErrorDetails.Message);
        Assert.DoesNotContain(Arrived, request => request.StartsWith("POST", StringComparison.Ordinal));
    }
}
