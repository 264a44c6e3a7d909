using System.Text.Json.Nodes;
using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>What a receipt says of an export, and what it keeps to itself.</summary>
public sealed class ReceiptTests
{
    private const string File1 = """{"type":"Patient","url":"/patients?X-Signature=secret","count":2}""";
    private const string File2 = """{"type":"Observation","url":"/observations"}""";
    private const string Messages = """{"type":"OperationOutcome","url":"/messages"}""";

    [Fact]
    public async Task A_complete_export_is_told_in_numbers()
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest($"{File1},{File2}"), arrival => Answer.Ndjson(arrival.Path == "/patients" ? "{}\n{}\n" : "{}\n"));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder, new SaveSetup { Job = new ExportJob { StatusUrl = server.Url("status/1"), GroupId = "g", Types = ["Patient", "Condition", "Observation"] } });

        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal("Complete", receipt.State);
        Assert.Equal((2, 2, 3L, 9L), (receipt.FileCount, receipt.SavedCount, receipt.ResourceCount, receipt.Bytes));
        Assert.Equal("2026-11-23T00:00:00Z", receipt.TransactionTime);
        Assert.Equal(["Condition"], receipt.TypesWithoutFile);
        Assert.Equal((server.Url("status/1"), "g", folder.Path), (receipt.StatusUrl, receipt.GroupId, receipt.Path));
        Assert.Equal(["Patient.0001.ndjson", "Observation.0001.ndjson"], receipt.Files.Select(file => file.Name));
        Assert.All(receipt.Files, file => Assert.Equal("Saved", file.State));
        Assert.DoesNotContain("export.journal", folder.Names);
    }

    [Fact]
    public async Task Neither_receipt_nor_reports_hold_the_signature_of_a_file()
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest(File1), _ => Answer.Plain(400));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal("X-Signature=secret", Assert.Single(server.To("/patients")).Query);
        Assert.DoesNotContain("secret", await File.ReadAllTextAsync(folder.File("export.json")), StringComparison.Ordinal);
        Assert.All(reports.All, report => Assert.DoesNotContain("secret", report.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain("secret", reports.Failure().ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"output\":null,")]
    public async Task An_export_without_files_is_Empty_and_draws_a_warning(string output)
    {
        await using RecordingServer server = new(Answer.Json("{" + output + """ "transactionTime":"2026-11-23T00:00:00Z","requiresAccessToken":true}"""));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal("Empty", Receipts.Open(folder.Path).State);
        Assert.Contains("has no files", Assert.Single(reports.Of<Caution>()).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fatal", "CompletedWithErrors", 1, 0, 0, 0)]
    [InlineData("error", "CompletedWithErrors", 0, 1, 0, 0)]
    [InlineData("warning", "Complete", 0, 0, 1, 0)]
    [InlineData("information", "Complete", 0, 0, 0, 1)]
    [InlineData("success", "Complete", 0, 0, 0, 1)]
    public async Task The_severity_of_the_servers_messages_decides_the_state(string severity, string state, int fatal, int error, int warning, int information)
    {
        string message = $$$"""{"resourceType":"OperationOutcome","issue":[{"severity":"{{{severity}}}","code":"incomplete","diagnostics":"about Patient/secret-1"}]}""";
        await using RecordingServer server = Saves.Server(Saves.Manifest(File2, error: Messages), arrival => Answer.Ndjson(arrival.Path == "/messages" ? message + "\r\n\n" : "{}\n"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Job = new ExportJob { StatusUrl = server.Url("status/1") } });

        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(state, receipt.State);
        Assert.Equal((fatal, error, warning, information), (receipt.FatalCount, receipt.ErrorCount, receipt.WarningCount, receipt.InformationCount));
        Assert.Equal(state == "CompletedWithErrors" ? [ExportErrorKind.ServerReportedErrors] : [], reports.Of<Failure>().Select(failure => failure.Exception.Kind));
        Assert.Equal(warning, reports.Of<Caution>().Count);
        Assert.All(reports.All, report => Assert.DoesNotContain("secret-1", report.ToString(), StringComparison.Ordinal));
        Assert.Equal(1, receipt.ResourceCount);
    }

    [Fact]
    public async Task Messages_that_end_in_a_full_stop_do_not_get_a_second_one()
    {
        const string Lines = """
            {"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"incomplete","diagnostics":"One was not exported."}]}
            {"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"incomplete","diagnostics":"Nor was another."}]}
            """;
        await using RecordingServer server = Saves.Server(Saves.Manifest("", error: Messages), _ => Answer.Ndjson(Lines));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Contains("One was not exported; Nor was another. Data may be missing", reports.Failure().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_too_long_to_be_read_is_taken_for_the_worst()
    {
        string message = $$"""{"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational","diagnostics":"{{new string('x', 17 * 1024 * 1024)}}"}]}""";
        await using RecordingServer server = Saves.Server(Saves.Manifest("", error: Messages), _ => Answer.Ndjson(message + "\n"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Validation = Validation.None });

        Assert.Equal(ExportErrorKind.ServerReportedErrors, reports.Failure().Kind);
        Assert.Equal(("CompletedWithErrors", 1), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).ErrorCount));
    }

    [Fact]
    public async Task A_failed_export_leaves_a_receipt_with_the_job_and_no_file()
    {
        await using RecordingServer server = new(Answer.Outcome(500, "broken"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(ExportErrorKind.ExportFailed, Assert.Single(reports.Of<Stopped>()).Exception.Kind);
        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(("Incomplete", 0, server.Url("status/1")), (receipt.State, receipt.FileCount, receipt.StatusUrl));
    }

    [Fact]
    public async Task The_job_is_in_the_receipt_before_the_first_poll()
    {
        using TemporaryFolder folder = new();
        string? atFirstPoll = null;
        await using RecordingServer server = new(_ =>
        {
            atFirstPoll ??= File.ReadAllText(folder.File("export.json"));
            return Answer.Json(Saves.Manifest(""));
        });

        await Saves.SaveAsync(server, folder);

        Assert.Equal(server.Url("status/1"), (string?)JsonNode.Parse(atFirstPoll!)!["job"]!["statusUrl"]);
    }

    [Fact]
    public void A_folder_without_a_receipt_says_so()
    {
        using TemporaryFolder folder = new();

        ExportException failure = Assert.Throws<ExportException>(() => Receipts.Open(folder.Path));

        Assert.Equal(ExportErrorKind.ReceiptNotFound, failure.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"job\":")]
    public void A_receipt_that_cannot_be_read_is_never_overwritten(string content)
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.Path);
        File.WriteAllText(folder.File("export.json"), content);

        Assert.Equal(ExportErrorKind.InvalidReceipt, Assert.Throws<ExportException>(() => Receipts.Open(folder.Path)).Kind);
        Assert.Equal(ExportErrorKind.InvalidReceipt, Assert.Throws<ExportException>(() => ExportFolder.OpenFor(Exports.JobAt("https://x.example/1"), folder.Path)).Kind);
        Assert.Equal(content, File.ReadAllText(folder.File("export.json")));
    }

    [Theory]
    [InlineData("../x.0001.ndjson")]
    [InlineData("/etc/passwd")]
    [InlineData("deleted/../../Patient.0001.ndjson")]
    [InlineData("..\\Patient.0001.ndjson")]
    [InlineData("error\\Patient.0001.ndjson")]
    [InlineData("C:Patient.0001.ndjson")]
    [InlineData("Patient.0001.ndjson\n")]
    [InlineData("export.json")]
    [InlineData("")]
    public void A_receipt_that_names_a_file_otherwise_than_this_module_does_is_not_followed(string name)
    {
        using TemporaryFolder folder = new();
        new ReceiptStore(Directory.CreateDirectory(folder.Path).FullName).Write(Receipt("Patient.0001.ndjson"));
        Assert.Equal(1, Receipts.Open(folder.Path).FileCount);

        new ReceiptStore(folder.Path).Write(Receipt(name));
        Assert.Equal(ExportErrorKind.InvalidReceipt, Assert.Throws<ExportException>(() => Receipts.Open(folder.Path)).Kind);
        using (ExportFolder open = ExportFolder.OpenFor(Exports.JobAt("https://x.example/1"), folder.Path))
        {
            Assert.Empty(open.Receipt.Files);
        }

        new ReceiptStore(folder.Path).Write(Receipt("Patient.0001.ndjson", continuesIn: name));
        Assert.Equal(ExportErrorKind.InvalidReceipt, Assert.Throws<ExportException>(() => Receipts.Open(folder.Path)).Kind);
    }

    [Fact]
    public void A_journal_cannot_lead_to_a_file_that_the_receipt_does_not_name()
    {
        using TemporaryFolder folder = new();
        ReceiptStore store = new(Directory.CreateDirectory(folder.Path).FullName);
        store.Write(Receipt("Patient.0001.ndjson"));

        store.Append([Entry("Patient.0001.ndjson", "../x") with { Count = 7 }, Entry("../x", null)], flush: false);

        SavedFile file = Assert.Single(Receipts.Open(folder.Path).Files);
        Assert.Equal(("Patient.0001.ndjson", null, null), (file.Name, file.ContinuesIn, file.Count));
    }

    private static ReceiptDocument Receipt(string name, string? continuesIn = null) =>
        new() { Job = Exports.JobAt("https://x.example/1"), HasManifest = true, Files = [Entry(name, continuesIn)] };

    private static ReceiptEntry Entry(string name, string? continuesIn) => new() { Name = name, Kind = ExportFile.Output, ContinuesIn = continuesIn };
}
