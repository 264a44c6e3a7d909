using System.Text;
using System.Text.Json;
using GroupExport.Disk;
using GroupExport.Files;

namespace GroupExport.Tests.Files;

/// <summary>A line of the journal is sealed as it is written, without being read again: its digest must be the one that a reader makes of it.</summary>
public sealed class SealedJsonTests
{
    [Theory]
    [InlineData("Patient.0001.ndjson", 0.001)]
    [InlineData("é \u2028 😀 <+>&'\"\\/\u0001", 1e21)]
    [InlineData("", -0.0)]
    public void A_compact_line_is_intact_when_it_is_read(string name, double seconds)
    {
        ReceiptEntry entry = new() { Name = name, Kind = "Output", Type = name, Count = long.MaxValue, Seconds = (decimal)seconds };

        byte[] line = SealedJson.Write(entry, JournalJson.Default.ReceiptEntry, indented: false);

        SealedJson<ReceiptEntry> read = SealedJson.Read(line, JournalJson.Default.ReceiptEntry);
        Assert.Equal((true, entry), (read.IsIntact, read.Value));
        Assert.DoesNotContain((byte)'\n', line);
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    public void A_number_that_could_not_be_written_again_is_damage(string seconds)
    {
        byte[] line = Encoding.UTF8.GetBytes($$"""{"name":"Patient.0001.ndjson","kind":"Output","seconds":{{seconds}}}""");

        SealedJson<ReceiptEntry> read = SealedJson.Read(line, JournalJson.Default.ReceiptEntry);

        Assert.Null(read.Value);
    }

    [Fact]
    public void Both_layouts_have_the_same_digest()
    {
        ReceiptEntry entry = new() { Name = "Patient.0001.ndjson", Kind = "Output" };

        string[] digests = [.. new[] { true, false }.Select(indented =>
            JsonDocument.Parse(Encoding.UTF8.GetString(SealedJson.Write(entry, JournalJson.Default.ReceiptEntry, indented))).RootElement.GetProperty("digest").GetString()!)];

        Assert.Equal(digests[0], digests[1]);
    }
}
