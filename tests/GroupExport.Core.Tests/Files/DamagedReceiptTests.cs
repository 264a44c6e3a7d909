using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;

namespace GroupExport.Tests.Files;

/// <summary>A receipt or a journal that is not as it was written is never believed.</summary>
public sealed class DamagedReceiptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ReceiptStore _store;

    public DamagedReceiptTests() => _store = new ReceiptStore(Directory.CreateDirectory(_folder.Path).FullName);

    private string ReceiptPath => _folder.File("export.json");

    private string JournalPath => _folder.File("export.journal");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_damage_to_a_receipt_is_an_error_or_changes_nothing_that_is_read()
    {
        _store.Write(Receipt(Saved("Patient.0001.ndjson"), Saved("error/OperationOutcome.0001.ndjson", "error")));
        string right = Text(_store.Read()!);
        int refused = 0;

        foreach ((string what, byte[] content) in Damage.Of(File.ReadAllBytes(ReceiptPath)))
        {
            File.WriteAllBytes(ReceiptPath, content);
            try
            {
                Assert.True(right == Text(_store.Read()!), what);
            }
            catch (ExportException failure)
            {
                Assert.True(failure.Kind == ExportErrorKind.InvalidReceipt, $"{what}: {failure}");
                refused++;
            }
        }

        Assert.True(refused > 8_000, $"only {refused}");
    }

    [Fact]
    public void Any_damage_to_a_journal_costs_lines_and_changes_none()
    {
        ReceiptEntry[] planned = [Planned("Patient.0001.ndjson"), Planned("Patient.0002.ndjson")];
        ReceiptEntry[] saved = [Saved("Patient.0001.ndjson"), Saved("Patient.0002.ndjson")];
        _store.Write(Receipt(planned) with { State = "Incomplete" });
        _store.Append(saved, flush: false);
        string[] possible = [.. from first in new[] { planned[0], saved[0] } from second in new[] { planned[1], saved[1] } select Text(Receipt(first, second) with { State = "Incomplete" })];
        Assert.Equal(possible[3], Text(_store.Read()!));

        foreach ((string what, byte[] content) in Damage.Of(File.ReadAllBytes(JournalPath)))
        {
            File.WriteAllBytes(JournalPath, content);
            Assert.True(possible.Contains(Text(_store.Read()!)), what);
        }
    }

    [Theory]
    [InlineData("kind", "deleted")]
    [InlineData("type", "Observation")]
    [InlineData("source", "other")]
    public void A_whole_line_that_disagrees_with_the_receipt_is_not_of_its_file(string field, string value)
    {
        _store.Write(Receipt(Planned("Patient.0001.ndjson")) with { State = "Incomplete" });
        _store.Append([Saved("Patient.0001.ndjson")], flush: false);
        JsonNode line = JsonNode.Parse(File.ReadAllText(JournalPath))!;
        line[field] = value;
        File.WriteAllText(JournalPath, Sealed.Seal(line).ReplaceLineEndings(""));

        Assert.Equal("Planned", Assert.Single(_store.Read()!.Files).State);
    }

    [Theory]
    [InlineData("\uFEFF", "\n")]
    [InlineData("", "\r\n")]
    [InlineData("\uFEFF", "\r\n")]
    public void A_byte_order_mark_and_other_line_ends_are_no_damage(string mark, string lineEnd)
    {
        _store.Write(Receipt(Planned("Patient.0001.ndjson")) with { State = "Incomplete" });
        _store.Append([Saved("Patient.0001.ndjson")], flush: false);
        foreach (string path in new[] { ReceiptPath, JournalPath })
        {
            File.WriteAllText(path, File.ReadAllText(path).ReplaceLineEndings(lineEnd), new UTF8Encoding(mark.Length > 0));
        }

        Assert.Equal("Saved", Assert.Single(_store.Read()!.Files).State);
    }

    [Theory]
    [InlineData("state", "\"Komplett\"")]
    [InlineData("state", "\"Empty\"")]
    [InlineData("state", "null")]
    [InlineData("version", "0")]
    [InlineData("version", "-1")]
    [InlineData("hasManifest", "false")]
    [InlineData("manifestPages", "2147483647")]
    [InlineData("manifestPages", "0")]
    [InlineData("files", "[]")]
    [InlineData("files", "null")]
    [InlineData("files", "[null]")]
    [InlineData("job", "null")]
    [InlineData("typesWithoutFile", "null")]
    [InlineData("messages", """{"fatal":0,"error":-1,"warning":0,"information":0}""")]
    public void A_value_that_no_export_has_is_an_error_even_under_a_right_digest(string field, string value)
    {
        _store.Write(Receipt(Saved("Patient.0001.ndjson")));
        Sealed.Edit(ReceiptPath, receipt => receipt[field] = JsonNode.Parse(value));

        Assert.Equal(ExportErrorKind.InvalidReceipt, Assert.Throws<ExportException>(() => Receipts.Open(_folder.Path)).Kind);
    }

    [Theory]
    [InlineData("kind", "null")]
    [InlineData("kind", "\"outputt\"")]
    [InlineData("kind", "\"deleted\"")]
    [InlineData("state", "\"saved\"")]
    [InlineData("state", "null")]
    [InlineData("sha256", "null")]
    [InlineData("bytes", "-1")]
    [InlineData("bytes", "9223372036854775807")]
    [InlineData("count", "-1")]
    [InlineData("count", "9223372036854775807")]
    [InlineData("storedBytes", "9223372036854775807")]
    [InlineData("expectedCount", "-1")]
    [InlineData("page", "2147483647")]
    [InlineData("index", "-1")]
    [InlineData("attempts", "-1")]
    [InlineData("seconds", "-0.5")]
    [InlineData("name", "\"Patient.99999999999.ndjson\"")]
    public void A_value_that_no_file_has_is_an_error_in_the_receipt_and_no_line_of_the_journal(string field, string value)
    {
        ReceiptEntry other = Saved("Patient.0002.ndjson") with { Bytes = long.MaxValue / 2, StoredBytes = long.MaxValue / 2, Count = long.MaxValue / 2 };
        _store.Write(Receipt(Saved("Patient.0001.ndjson"), other));
        Assert.Equal(2, Receipts.Open(_folder.Path).FileCount);
        Sealed.Edit(ReceiptPath, receipt => receipt["files"]![0]![field] = JsonNode.Parse(value));
        Assert.Equal(ExportErrorKind.InvalidReceipt, Assert.Throws<ExportException>(() => Receipts.Open(_folder.Path)).Kind);

        _store.Write(Receipt(Planned("Patient.0001.ndjson"), other) with { State = "Incomplete" });
        _store.Append([Saved("Patient.0001.ndjson")], flush: false);
        JsonNode line = JsonNode.Parse(File.ReadAllText(JournalPath))!;
        line[field] = JsonNode.Parse(value);
        File.WriteAllText(JournalPath, Sealed.Seal(line).ReplaceLineEndings(""));
        try
        {
            Assert.Equal("Planned", _store.Read()!.Files[0].State);
        }
        catch (ExportException failure)
        {
            Assert.Equal(ExportErrorKind.InvalidReceipt, failure.Kind);
        }
    }

    [Theory]
    [InlineData("http:// no url")]
    [InlineData("status/1")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://127.0.0.1:5000099/status")]
    [InlineData("")]
    public void A_job_whose_status_URL_is_none_is_an_error(string url)
    {
        _store.Write(Receipt(Saved("Patient.0001.ndjson")));
        Sealed.Edit(ReceiptPath, receipt => receipt["job"]!["statusUrl"] = url);

        Assert.Equal(ExportErrorKind.InvalidReceipt, Assert.Throws<ExportException>(() => Receipts.Open(_folder.Path)).Kind);
    }

    [Fact]
    public void A_receipt_of_a_newer_version_is_an_error_that_says_so_and_nothing_is_touched()
    {
        _store.Write(Receipt(Saved("Patient.0001.ndjson")));
        Sealed.Edit(ReceiptPath, receipt => receipt["version"] = 2);
        string before = File.ReadAllText(ReceiptPath);

        foreach (Action open in new Action[] { () => Receipts.Open(_folder.Path), () => ExportFolder.OpenFor(Receipt().Job, _folder.Path), () => ExportFolder.Probe(_folder.Path) })
        {
            ExportException failure = Assert.Throws<ExportException>(open);
            Assert.Equal(ExportErrorKind.InvalidReceipt, failure.Kind);
            Assert.Contains("newer version", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, File.ReadAllText(ReceiptPath));
    }

    [Fact]
    public void The_error_names_the_way_to_save_the_export_all_the_same()
    {
        _store.Write(Receipt(Saved("Patient.0001.ndjson")));
        File.WriteAllText(ReceiptPath, File.ReadAllText(ReceiptPath).Replace("\"files\"", "\"filer\"", StringComparison.Ordinal));

        ExportException failure = Assert.Throws<ExportException>(() => Receipts.Open(_folder.Path));

        Assert.Equal(_folder.Path, failure.Subject);
        Assert.Contains($"Save-ExportFiles -Path '{_folder.Path}'", failure.Message, StringComparison.Ordinal);
    }

    private static ReceiptDocument Receipt(params ReceiptEntry[] files) => new()
    {
        State = "Complete",
        Job = new ExportJob(Exports.JobAt("https://x.example/1")) { Server = "https://x.example/", Fingerprint = "a.b", Scope = "c.d" },
        TransactionTime = "2026-11-23T00:00:00Z",
        HasManifest = true,
        Files = files,
    };

    private static ReceiptEntry Planned(string name, string kind = "output") =>
        new() { Name = name, Kind = kind, Type = "Patient", Page = 1, Source = "0123" };

    private static ReceiptEntry Saved(string name, string kind = "output") =>
        Planned(name, kind) with { State = "Saved", Count = 2, Bytes = 10, StoredBytes = 10, Sha256 = "abcd", ProvedBy = "Length", Attempts = 1 };

    private static string Text(ReceiptDocument receipt) => JsonSerializer.Serialize(receipt, ReceiptJson.Default.ReceiptDocument);
}
