using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using GroupExport.Audit;
using GroupExport.Tests.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Audit;

/// <summary>The file itself: whole lines whoever writes, for the owner alone, and never at the export's expense.</summary>
public sealed class AuditLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Reports _reports = new();

    public void Dispose() => _folder.Dispose();

    private string LogPath => _folder.File("log.ndjson");

    [Fact]
    public async Task Lines_of_many_writers_stay_whole_and_all_are_there()
    {
        const int Writers = 8;
        const int Each = 400;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            // A handle of its own, as every process has.
            using AuditLog log = AuditLog.Open(LogPath, _reports.Add);
            for (int line = 0; line < Each; line++)
            {
                Write(log, $"{writer}", new string((char)('a' + writer), 10 + (line * 7 % 5000)));
            }
        })));

        JsonNode[] lines = [.. File.ReadAllLines(LogPath).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(Writers * Each, lines.Length);
        Assert.All(lines.GroupBy(line => (string)line["exportId"]!), ofOne => Assert.Equal(
            Enumerable.Range(0, Each).Select(line => 10 + (line * 7 % 5000)),
            ofOne.Select(line => ((string)line["eventDetail"]!["text"]!).Length)));
        Assert.Empty(_reports.All);
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public void It_is_made_for_its_owner_alone_and_keeps_the_permissions_that_it_has()
    {
        AuditLog.Open(LogPath, _reports.Add).Dispose();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(LogPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.Path));

        UnixFileMode shared = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(LogPath, shared);
        AuditLog.Open(LogPath, _reports.Add).Dispose();

        Assert.Equal(shared, File.GetUnixFileMode(LogPath));
    }

    [Fact]
    public void A_folder_is_no_log()
    {
        Directory.CreateDirectory(LogPath);

        ExportException failure = Assert.Throws<ExportException>(() => AuditLog.Open(LogPath, _reports.Add));

        Assert.Equal((ExportErrorKind.LogNotWritable, LogPath), (failure.Kind, failure.Subject));
        Assert.Contains("it is a folder", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n  \"module\": \"GroupExport\"\n}\n")]
    [InlineData("{\"resourceType\":\"Patient\"}\n")]
    [InlineData("{\"kty\":\"EC\"}")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n")]
    [InlineData("{\"exportIdentity\":1}\n")]
    public void A_file_that_holds_something_else_is_not_touched(string content)
    {
        Directory.CreateDirectory(_folder.Path);
        File.WriteAllText(LogPath, content);

        ExportException failure = Assert.Throws<ExportException>(() => AuditLog.Open(LogPath, _reports.Add));

        Assert.Equal((ExportErrorKind.LogNotWritable, LogPath), (failure.Kind, failure.Subject));
        Assert.Equal(content, File.ReadAllText(LogPath));
    }

    [Theory]
    [InlineData("export.json")]
    [InlineData("export.journal")]
    [InlineData(".export.lock")]
    [InlineData("export.json.damaged")]
    [InlineData("Patient.0001.ndjson")]
    [InlineData("patient.0001.NDJSON")]
    [InlineData("Patient.0012.ndjson.gz")]
    [InlineData("Patient.0001.ndjson.part")]
    [InlineData("OperationOutcome.0001.ndjson.gz.invalid")]
    [InlineData("manifest.json")]
    [InlineData("manifest.0002.json")]
    public void What_an_export_keeps_beside_its_files_is_no_log_even_before_it_is_there(string name)
    {
        ExportException failure = Assert.Throws<ExportException>(() => AuditLog.Open(_folder.File(name), _reports.Add));

        Assert.Equal(ExportErrorKind.LogNotWritable, failure.Kind);
        Assert.False(File.Exists(_folder.File(name)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("{\"exp")]
    [InlineData("\uFEFF{\"exportId\":\"1\"}\n")]
    [InlineData("{ \"exportId\" : \"1\"}\n")]
    public void A_log_that_others_began_is_gone_on_with(string content)
    {
        Directory.CreateDirectory(_folder.Path);
        File.WriteAllText(LogPath, content);

        using (AuditLog log = AuditLog.Open(LogPath, _reports.Add))
        {
            Write(log, "1", "text");
        }

        Assert.StartsWith(content.TrimStart('\uFEFF'), File.ReadAllText(LogPath), StringComparison.Ordinal);
        Assert.Equal("text", (string?)JsonNode.Parse(File.ReadLines(LogPath).Last())!["eventDetail"]!["text"]);
        Assert.Empty(_reports.All);
    }

    [UnixFact]
    public void A_link_is_no_log_wherever_it_leads()
    {
        Directory.CreateDirectory(_folder.Path);
        string target = _folder.File("elsewhere");
        File.CreateSymbolicLink(LogPath, target);

        Assert.Equal(ExportErrorKind.LogNotWritable, Assert.Throws<ExportException>(() => AuditLog.Open(LogPath, _reports.Add)).Kind);
        Assert.False(File.Exists(target));

        File.WriteAllText(target, "");
        Assert.Equal(ExportErrorKind.LogNotWritable, Assert.Throws<ExportException>(() => AuditLog.Open(LogPath, _reports.Add)).Kind);
    }

    [UnixFact]
    public void A_pipe_that_nobody_reads_is_no_log()
    {
        Directory.CreateDirectory(_folder.Path);
        using (Process made = Process.Start("mkfifo", LogPath))
        {
            made.WaitForExit();
        }

        Assert.Equal(ExportErrorKind.LogNotWritable, Assert.Throws<ExportException>(() => AuditLog.Open(LogPath, _reports.Add)).Kind);
    }

    [Fact]
    public void What_lies_below_a_file_cannot_be_opened()
    {
        Directory.CreateDirectory(_folder.Path);
        File.WriteAllText(LogPath, "");

        Assert.Equal(ExportErrorKind.LogNotWritable, Assert.Throws<ExportException>(() => AuditLog.Open(Path.Combine(LogPath, "log"), _reports.Add)).Kind);
    }

    [UnixFact("/dev/full")]
    public void A_full_disk_is_told_once_and_fails_nothing()
    {
        using AuditLog log = AuditLog.Open("/dev/full", _reports.Add);

        Write(log, "1", "a");
        Write(log, "1", "b");

        Caution caution = Assert.IsType<Caution>(Assert.Single(_reports.All));
        Assert.StartsWith("The audit log /dev/full cannot be written now (", caution.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_wrong_with_a_line_is_told_and_the_next_one_is_written()
    {
        using AuditLog log = AuditLog.Open(LogPath, _reports.Add);

        log.Write("1", DateTimeOffset.UnixEpoch, "kickoff", _ => throw new InvalidOperationException("odd"));
        Write(log, "1", "good");

        Assert.Contains("(odd)", Assert.IsType<Caution>(Assert.Single(_reports.All)).Text, StringComparison.Ordinal);
        Assert.Equal("good", (string?)JsonNode.Parse(Assert.Single(File.ReadAllLines(LogPath)))!["eventDetail"]!["text"]);
    }

    [Fact]
    public void Behind_half_a_line_a_new_one_begins()
    {
        Directory.CreateDirectory(_folder.Path);
        File.WriteAllText(LogPath, "{\"exportId\":\"1\"}\n{\"expo");

        using (AuditLog log = AuditLog.Open(LogPath, _reports.Add))
        {
            Write(log, "2", "a");
            Write(log, "2", "b");
        }

        string[] lines = File.ReadAllLines(LogPath);
        Assert.Equal(4, lines.Length);
        Assert.Equal("{\"expo", lines[1]);
        Assert.All(lines[2..], line => Assert.Equal("2", (string?)JsonNode.Parse(line)!["exportId"]));
    }

    [Fact]
    public void A_line_has_the_fields_of_the_original_in_their_order_and_stays_one_line()
    {
        using (AuditLog log = AuditLog.Open(LogPath, _reports.Add))
        {
            log.Write("ab12", new DateTimeOffset(2026, 11, 23, 6, 5, 6, 78, TimeSpan.FromHours(2)), "kickoff", json => json.WriteString("text", "a\nb “ü” <c>"));
        }

        Assert.Equal("""{"exportId":"ab12","timestamp":"2026-11-23T04:05:06.078Z","eventId":"kickoff","eventDetail":{"text":"a\nb “ü” <c>"}}""" + "\n", File.ReadAllText(LogPath));
    }

    private static void Write(AuditLog log, string exportId, string text) => log.Write(exportId, DateTimeOffset.UnixEpoch, "kickoff", json => json.WriteString("text", text));
}
