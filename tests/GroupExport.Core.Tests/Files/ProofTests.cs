using GroupExport.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>What proves that a file came whole.</summary>
public sealed class ProofTests
{
    private const string Two = "{\"a\":1}\n{\"b\":2}\n";

    public static TheoryData<string, string> Bodies => new()
    {
        { "length", "Length" },
        { "chunked", "ChunkEnd" },
        { "gzip to the close", "Gzip" },
        { "to the close", "Unproven" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task The_wire_proves_it_where_the_manifest_counts_nothing(string body, string proof)
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => s_bodies[body]);
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(("Saved", proof), (reports.File().State, reports.File().ProvedBy));
        Assert.Equal(proof, Assert.Single(Receipts.Open(folder.Path).Files).ProvedBy);
        Assert.Equal(proof == "Unproven" ? 1 : 0, reports.Of<Caution>().Count(caution => caution.Text.Contains("Nothing proves", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task The_count_of_the_manifest_proves_it_best(string body, string otherwise)
    {
        Assert.NotEqual("Count", otherwise);
        await using RecordingServer server = Saves.Server(Saves.OneFile(",\"count\":2"), _ => s_bodies[body]);
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal("Count", reports.File().ProvedBy);
        Assert.Empty(reports.Of<Caution>());
    }

    [Fact]
    public async Task A_connection_that_ends_inside_a_line_was_cut()
    {
        int asked = 0;
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => ++asked == 1 ? Answer.Ndjson(Two[..10]) with { CloseDelimited = true } : Answer.Ndjson(Two));
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder)).File();

        Assert.Equal(("Saved", 2, "Length"), (file.State, file.Attempts, file.ProvedBy));
        Assert.Equal(Two, await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
    }

    [Fact]
    public async Task A_connection_that_ends_before_the_first_byte_of_gzip_proves_nothing()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => (Answer.Gzip("") with { Body = [] }) with { CloseDelimited = true });
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(("Saved", "Unproven"), (reports.File().State, reports.File().ProvedBy));
        Assert.Contains("Nothing proves", Assert.Single(reports.Of<Caution>()).Text);
    }

    private static readonly Dictionary<string, Answer> s_bodies = new()
    {
        ["length"] = Answer.Ndjson(Two),
        ["chunked"] = Answer.Ndjson(Two) with { Chunked = true },
        ["gzip to the close"] = Answer.Gzip(Two) with { CloseDelimited = true },
        ["to the close"] = Answer.Ndjson(Two) with { CloseDelimited = true },
    };
}
