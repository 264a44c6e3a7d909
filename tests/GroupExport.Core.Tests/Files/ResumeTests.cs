using System.Net.Http.Headers;
using System.Security.Cryptography;
using GroupExport.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Going on inside a file where the connection was cut.</summary>
public sealed class ResumeTests
{
    private const int StallsAt = 300_000;

    private static readonly string s_content = ServedFile.Lines(20_000);

    [Fact]
    public async Task After_a_cut_only_the_rest_is_asked_for_and_the_file_is_whole()
    {
        ServedFile served = new(s_content) { CutAt = request => request == 1 ? 300_000 : null };
        await using RecordingServer server = Saves.Server(Saves.OneFile(",\"count\":20000"), served.Answer);
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder, new SaveSetup { Validation = Validation.Full })).File();

        Assert.Equal(("Saved", 2, 300_000L, "Count"), (file.State, file.Attempts, file.ResumedBytes, file.ProvedBy));
        Assert.Equal(("bytes=300000-", "\"v1\"", "identity"), (server.To("/file")[1].Header("Range"), server.To("/file")[1].Header("If-Range"), server.To("/file")[1].Header("Accept-Encoding")));
        Assert.Equal(s_content, await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(served.Content)).ToLowerInvariant(), file.Sha256);
        Assert.Equal((served.Content.Length, 20_000L), (file.Bytes, file.Count));
        Assert.Equal([".export.lock", "Patient.0001.ndjson", "export.json", "manifest.json"], folder.Names);
    }

    [Fact]
    public async Task Attempts_are_counted_from_the_last_progress()
    {
        ServedFile served = new(s_content) { CutAt = request => request < 6 ? 100_000 : null };
        await using RecordingServer server = Saves.Server(Saves.OneFile(), served.Answer);
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder)).File();

        Assert.Equal("Saved", file.State);
        Assert.True(file.Attempts > Exports.Impatient.Attempts);
        Assert.Equal(s_content, await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
    }

    [Theory]
    [InlineData("W/\"v1\"")]
    [InlineData("")]
    public async Task Without_a_strong_validator_it_starts_over(string tag)
    {
        ServedFile served = new(s_content) { Tag = tag, CutAt = request => request == 1 ? 300_000 : null };
        await using RecordingServer server = Saves.Server(Saves.OneFile(), served.Answer);
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder)).File();

        Assert.Equal(("Saved", 0L), (file.State, file.ResumedBytes));
        Assert.All(server.To("/file"), arrival => Assert.Null(arrival.Header("Range")));
        Assert.Equal(s_content, await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
    }

    [Fact]
    public async Task A_file_that_changed_meanwhile_starts_over()
    {
        string changed = s_content.Replace("Patient", "Patienz", StringComparison.Ordinal);
        ServedFile old = new(s_content) { CutAt = _ => 300_000 };
        ServedFile fresh = new(changed) { Tag = "\"v2\"" };
        await using RecordingServer server = Saves.Server(Saves.OneFile(), arrival => old.Asked == 0 ? old.Answer(arrival) : fresh.Answer(arrival));
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder)).File();

        Assert.Equal(("Saved", 2, 0L), (file.State, file.Attempts, file.ResumedBytes));
        Assert.Equal(changed, await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
    }

    public static TheoryData<string> WrongRests => [.. s_wrongRests.Keys];

    [Theory]
    [MemberData(nameof(WrongRests))]
    public async Task A_rest_that_is_not_of_the_same_answer_from_the_same_byte_is_not_taken(string wrong)
    {
        ServedFile served = new(s_content) { CutAt = request => request == 1 ? 300_000 : null };
        await using RecordingServer server = Saves.Server(
            Saves.OneFile(),
            arrival => arrival.Header("Range") is null ? served.Answer(arrival) : s_wrongRests[wrong](served.Answer(arrival)));
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder)).File();

        Assert.Equal(("Saved", 3, 0L), (file.State, file.Attempts, file.ResumedBytes));
        Assert.Equal([false, true, false], server.To("/file").Select(arrival => arrival.Header("Range") is not null));
        Assert.Equal(s_content, await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
    }

    [Fact]
    public async Task A_rest_that_comes_in_part_only_is_not_the_end_of_the_file()
    {
        ServedFile served = new(s_content) { CutAt = request => request == 1 ? 300_000 : null };
        await using RecordingServer server = Saves.Server(
            Saves.OneFile(),
            arrival => arrival.Header("Range") is null ? served.Answer(arrival) : FirstPart(served.Answer(arrival)));
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder, new SaveSetup { Validation = Validation.Full })).File();

        Assert.Equal(("Saved", 20_000L), (file.State, file.Count));
        Assert.All(server.To("/file").Skip(1), arrival => Assert.NotNull(arrival.Header("Range")));
        Assert.Equal(s_content, await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
    }

    [Fact]
    public async Task A_rest_of_packed_content_that_comes_in_part_only_is_gone_on_with_too()
    {
        ServedFile served = new(Answer.Zipped(ServedFile.Lines(200_000))) { IsGzip = true, CutAt = request => request == 1 ? 100_000 : null };
        await using RecordingServer server = Saves.Server(
            Saves.OneFile(),
            arrival => arrival.Header("Range") is null ? served.Answer(arrival) : FirstPart(served.Answer(arrival)));
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder, new SaveSetup { Compress = true })).File();

        Assert.Equal(("Saved", 200_000L), (file.State, file.Count));
        Assert.All(server.To("/file").Skip(1), arrival => Assert.NotNull(arrival.Header("Range")));
        Assert.Equal(served.Content, await File.ReadAllBytesAsync(folder.File("Patient.0001.ndjson.gz")));
    }

    [Fact]
    public async Task A_server_that_is_busy_in_between_does_not_cost_what_is_there()
    {
        ServedFile served = new(s_content) { CutAt = request => request == 1 ? 300_000 : null };
        int asked = 0;
        await using RecordingServer server = Saves.Server(Saves.OneFile(), arrival => ++asked == 2 ? Answer.Plain(503) : served.Answer(arrival));
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder)).File();

        Assert.Equal(("Saved", 3, 300_000L), (file.State, file.Attempts, file.ResumedBytes));
        Assert.Equal(s_content, await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
    }

    [Fact]
    public async Task A_beginning_that_went_bad_on_disk_is_fetched_again()
    {
        using TemporaryFolder folder = new();
        ServedFile served = new(s_content) { StallAt = request => request == 1 ? StallsAt : null };
        await using RecordingServer server = Saves.Server(Saves.OneFile(), served.Answer);
        await InterruptAsync(server, folder);
        await using (FileStream part = File.OpenWrite(folder.File("Patient.0001.ndjson.part")))
        {
            part.Position = 1000;
            part.Write(new byte[50]);
        }

        SavedFile file = (await Saves.SaveAsync(server, folder, new SaveSetup { Validation = Validation.Full })).File();

        Assert.Equal(("Saved", 0L), (file.State, file.ResumedBytes));
        Assert.Equal(s_content, await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
    }

    [Fact]
    public async Task The_next_run_goes_on_where_an_interrupted_one_ended()
    {
        using TemporaryFolder folder = new();
        ServedFile served = new(s_content) { StallAt = request => request == 1 ? StallsAt : null };
        await using RecordingServer server = Saves.Server(Saves.OneFile(",\"count\":20000"), served.Answer);
        long written = await InterruptAsync(server, folder);

        SavedFile file = (await Saves.SaveAsync(server, folder, new SaveSetup { Validation = Validation.Full })).File();

        Assert.Equal(("Saved", written), (file.State, file.ResumedBytes));
        Assert.Equal($"bytes={written}-", server.To("/file")[^1].Header("Range"));
        Assert.Equal(s_content, await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
    }

    [Fact]
    public async Task A_part_that_is_whole_already_costs_one_byte()
    {
        using TemporaryFolder folder = new();
        ServedFile served = new(s_content) { StallAt = request => request == 1 ? StallsAt : null };
        await using RecordingServer server = Saves.Server(Saves.OneFile(",\"count\":20000"), served.Answer);
        await InterruptAsync(server, folder);
        await File.WriteAllBytesAsync(folder.File("Patient.0001.ndjson.part"), served.Content);

        SavedFile file = (await Saves.SaveAsync(server, folder, new SaveSetup { Validation = Validation.Full })).File();

        Assert.Equal(("Saved", 1, served.Content.Length - 1L), (file.State, file.Attempts, file.ResumedBytes));
        Assert.Equal($"bytes={served.Content.Length - 1}-", server.To("/file")[^1].Header("Range"));
        Assert.Equal(s_content, await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
    }

    [Fact]
    public async Task A_part_from_before_the_last_start_of_the_machine_is_not_trusted()
    {
        using TemporaryFolder folder = new();
        ServedFile served = new(s_content) { StallAt = request => request == 1 ? StallsAt : null };
        await using RecordingServer server = Saves.Server(Saves.OneFile(), served.Answer);
        await InterruptAsync(server, folder);
        File.SetLastWriteTimeUtc(folder.File("Patient.0001.ndjson.part"), DateTime.UtcNow - TimeSpan.FromMilliseconds(Environment.TickCount64) - TimeSpan.FromMinutes(1));

        SavedFile file = (await Saves.SaveAsync(server, folder)).File();

        Assert.Equal(("Saved", 0L), (file.State, file.ResumedBytes));
        Assert.Null(server.To("/file")[^1].Header("Range"));
    }

    [Fact]
    public async Task A_part_from_the_future_is_not_trusted()
    {
        using TemporaryFolder folder = new();
        ServedFile served = new(s_content) { StallAt = request => request == 1 ? StallsAt : null };
        await using RecordingServer server = Saves.Server(Saves.OneFile(), served.Answer);
        await InterruptAsync(server, folder);
        File.SetLastWriteTimeUtc(folder.File("Patient.0001.ndjson.part"), DateTime.UtcNow + TimeSpan.FromDays(1));

        SavedFile file = (await Saves.SaveAsync(server, folder)).File();

        Assert.Equal(("Saved", 0L), (file.State, file.ResumedBytes));
    }

    [Fact]
    public async Task What_a_killed_process_left_of_another_answer_is_not_gone_on_with()
    {
        using TemporaryFolder folder = new();
        using TemporaryFolder killed = new();
        string other = s_content.Replace("Patient", "Patienz", StringComparison.Ordinal);
        ServedFile served = new(s_content) { StallAt = request => request == 1 ? StallsAt : null };
        Answer untagged = Answer.Ndjson(other) with { StallAt = StallsAt };
        int asked = 0;
        await using RecordingServer server = Saves.Server(Saves.OneFile(), arrival => ++asked == 2 ? untagged : served.Answer(arrival));
        await InterruptAsync(server, folder);
        await InterruptAsync(server, folder, atStall: () =>
        {
            Directory.CreateDirectory(killed.Path);
            foreach (string name in folder.Names.Where(name => name != ExportFolder.LockName))
            {
                File.Copy(folder.File(name), killed.File(name));
            }
        });

        SavedFile file = (await Saves.SaveAsync(server, killed)).File();

        Assert.Equal(("Saved", 0L), (file.State, file.ResumedBytes));
        Assert.Equal(s_content, await File.ReadAllTextAsync(killed.File("Patient.0001.ndjson")));
    }

    [Fact]
    public async Task A_plain_part_is_of_no_use_to_a_run_that_compresses()
    {
        using TemporaryFolder folder = new();
        ServedFile served = new(s_content) { StallAt = request => request == 1 ? StallsAt : null };
        await using RecordingServer server = Saves.Server(Saves.OneFile(), served.Answer);
        await InterruptAsync(server, folder);

        SavedFile file = (await Saves.SaveAsync(server, folder, new SaveSetup { Compress = true })).File();

        Assert.Equal(("Saved", 0L), (file.State, file.ResumedBytes));
        Assert.Null(server.To("/file")[^1].Header("Range"));
    }

    /// <summary>A run that ends inside the file, whose first request stalls there; gives how many bytes it left.</summary>
    private static async Task<long> InterruptAsync(RecordingServer server, TemporaryFolder folder, Action? atStall = null)
    {
        using CancellationTokenSource interrupt = new();
        int before = server.To("/file").Count;
        Task saving = Saves.SaveAsync(server, folder, new SaveSetup { Interrupt = interrupt.Token });
        FileInfo part = new(folder.File("Patient.0001.ndjson.part"));
        while (server.To("/file").Count == before)
        {
            await Task.Delay(5);
        }

        do
        {
            await Task.Delay(50);
            part.Refresh();
        }
        while (!part.Exists || part.Length < StallsAt);

        atStall?.Invoke();
        await interrupt.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => saving);
        part.Refresh();
        return part.Exists ? part.Length : 0;
    }

    /// <summary>The rest cut down to the first lines of it, as a server may do that does not like long ranges (RFC 9110, 15.3.7).</summary>
    private static Answer FirstPart(Answer rest)
    {
        ContentRangeHeaderValue range = ContentRangeHeaderValue.Parse(rest.Headers.Single(pair => pair.Key == "Content-Range").Value);
        int length = Math.Min(100_000, rest.Body.Length);
        length = rest.Body.AsSpan(0, length).LastIndexOf((byte)'\n') + 1 is > 0 and var lines ? lines : length;
        return (Without(rest, "Content-Range") with { Body = rest.Body[..length] }).With("Content-Range", $"bytes {range.From}-{range.From + length - 1}/{range.Length}");
    }

    private static readonly Dictionary<string, Func<Answer, Answer>> s_wrongRests = new()
    {
        ["another ETag"] = answer => Without(answer, "ETag").With("ETag", "\"v2\""),
        ["a weak ETag"] = answer => Without(answer, "ETag").With("ETag", "W/\"v1\""),
        ["no ETag"] = answer => Without(answer, "ETag"),
        ["another start"] = answer => Without(answer, "Content-Range").With("Content-Range", $"bytes 299999-{s_content.Length - 1}/{s_content.Length}"),
        ["another length"] = answer => Without(answer, "Content-Range").With("Content-Range", $"bytes 300000-{s_content.Length - 1}/{s_content.Length + 10}"),
        ["an unknown length"] = answer => Without(answer, "Content-Range").With("Content-Range", $"bytes 300000-{s_content.Length - 1}/*"),
        ["no Content-Range"] = answer => Without(answer, "Content-Range"),
        ["another encoding"] = answer => answer.With("Content-Encoding", "gzip"),
        ["416"] = answer => Answer.Plain(416),
    };

    private static Answer Without(Answer answer, string header) => answer with { Headers = [.. answer.Headers.Where(pair => pair.Key != header)] };
}
