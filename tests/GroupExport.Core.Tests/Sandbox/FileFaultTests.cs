using System.IO.Compression;
using System.Net;
using System.Text;
using GroupExport.Sandbox;

namespace GroupExport.Tests.Sandbox;

/// <summary>Faults of files. Fetched again, each file is as it should be.</summary>
public sealed class FileFaultTests
{
    [Theory]
    [InlineData("FileTooManyRequests", 429)]
    [InlineData("FileUnavailable", 503)]
    public async Task A_file_can_be_refused(string fault, int status)
    {
        using var client = With(fault);
        var url = await FileUrl(client);
        using var refused = await client.Http.GetAsync(url);
        Assert.Equal(status, (int)refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(await Whole(), await client.Http.GetByteArrayAsync(url));
    }

    [Fact]
    public async Task A_file_can_be_cut_off_in_the_middle()
    {
        using var client = With("TruncatedFile");
        var url = await FileUrl(client);
        var whole = await Whole();
        using var answer = await client.Http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(whole.Length, answer.Content.Headers.ContentLength);
        var (bytes, fault) = await ReadAsFarAsItGoes(answer);
        Assert.NotNull(fault);
        Assert.Equal(whole[..(whole.Length / 2)], bytes);
        using var rest = await client.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new(bytes.Length, null), IfRange = new(answer.Headers.ETag!) } });
        Assert.Equal(whole, bytes.Concat(await rest.Content.ReadAsByteArrayAsync()).ToArray());
    }

    [Fact]
    public async Task A_file_can_stall_in_the_middle()
    {
        using var client = With("StalledFile");
        var url = await FileUrl(client);
        var whole = await Whole();
        using var answer = await client.Http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[whole.Length / 2]);
        var rest = body.ReadAsync(new byte[1]).AsTask();
        Assert.NotSame(rest, await Task.WhenAny(rest, Task.Delay(300)));
        client.Sandbox.Stop();
        await Assert.ThrowsAnyAsync<IOException>(() => rest);
    }

    [Fact]
    public async Task A_connection_can_be_cut_before_the_file_begins()
    {
        using var client = With("ResetConnection");
        var url = await FileUrl(client);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.Http.GetAsync(url));
        Assert.Equal(await Whole(), await client.Http.GetByteArrayAsync(url));
    }

    [Fact]
    public async Task Gzip_can_come_unasked()
    {
        using var client = With("GzipUnasked");
        var url = await FileUrl(client);
        using var answer = await client.Http.GetAsync(url);
        Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
        Assert.Equal(await Whole(), Unpack(await answer.Content.ReadAsByteArrayAsync()));
        Assert.Equal(await Whole(), await client.Http.GetByteArrayAsync(url));
    }

    [Fact]
    public async Task Gzip_can_lack_its_end_in_an_answer_that_is_whole()
    {
        using var client = With("TruncatedGzip");
        using var answer = await client.Http.GetAsync(await FileUrl(client));
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(bytes.Length, answer.Content.Headers.ContentLength);
        Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
        Assert.Equal(new byte[] { 0x1F, 0x8B }, bytes[..2]);
        var unpacked = Unpack(bytes);
        Assert.True(unpacked.Length <= (await Whole()).Length);
        using var whole = await client.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, client.Sandbox.BaseUri + client.Sandbox.Requests[^1].Path[1..]) { Headers = { AcceptEncoding = { new("gzip") } } });
        Assert.Equal((await whole.Content.ReadAsByteArrayAsync())[..^12], bytes);
        Assert.NotEqual(answer.Headers.ETag, whole.Headers.ETag);
    }

    public static TheoryData<string, Func<string, string>> Contents => new()
    {
        { "CarriageReturns", whole => whole.Replace("\n", "\r\n", StringComparison.Ordinal) },
        { "BlankLines", whole => whole.Replace("\n", "\n\n", StringComparison.Ordinal) },
        { "NoFinalNewline", whole => whole[..^1] },
        { "ByteOrderMark", whole => "\uFEFF" + whole },
        { "EmptyFile", _ => "" },
        { "WrongType", whole => "{\"resourceType\":\"Basic\",\"id\":\"wrong-type\",\"code\":{\"text\":\"wrong type\"}}\n" + whole[(whole.IndexOf('\n', StringComparison.Ordinal) + 1)..] },
        { "OutcomeInsteadOfFile", _ => "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"exception\",\"diagnostics\":\"The file cannot be read.\"}]}\n" },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task A_file_can_hold_something_else(string fault, Func<string, string> change)
    {
        using var client = With(fault);
        var url = await FileUrl(client);
        using var spoiled = await client.Http.GetAsync(url);
        using var good = await client.Http.GetAsync(url);
        var whole = Encoding.UTF8.GetString(await Whole());
        Assert.Equal(HttpStatusCode.OK, spoiled.StatusCode);
        Assert.Equal(change(whole), Encoding.UTF8.GetString(await spoiled.Content.ReadAsByteArrayAsync()));
        Assert.Equal(whole, await good.Content.ReadAsStringAsync());
        Assert.NotEqual(spoiled.Headers.ETag, good.Headers.ETag);
    }

    [Fact]
    public async Task The_last_resource_can_be_broken()
    {
        using var client = With("BrokenJson");
        var lines = (await client.Http.GetStringAsync(await FileUrl(client))).Split('\n');
        var whole = Encoding.UTF8.GetString(await Whole()).Split('\n');
        Assert.Equal(whole[..^2], lines[..^2]);
        Assert.Equal(whole[^2][..(whole[^2].Length / 2)], lines[^2]);
        Assert.Equal("", lines[^1]);
    }

    [Fact]
    public async Task HEAD_uses_up_no_fault()
    {
        using var client = With("FileUnavailable");
        using var head = await client.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, await FileUrl(client)));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(0, client.Sandbox.FaultCounts["FileUnavailable"]);
    }

    [Theory]
    [InlineData(FileValidator.Weak)]
    [InlineData(FileValidator.None)]
    public async Task Without_a_strong_validator_nothing_can_be_resumed(FileValidator validator)
    {
        using var client = new PracticeClient(PracticeClient.Fast with { FileValidator = validator });
        var url = await FileUrl(client);
        using var first = await client.Http.GetAsync(url);
        Assert.Equal(validator == FileValidator.Weak ? true : null, first.Headers.ETag?.IsWeak);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Range", "bytes=10-");
        request.Headers.TryAddWithoutValidation("If-Range", first.Headers.ETag?.ToString() ?? "\"none\"");
        using var whole = await client.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
    }

    private static PracticeClient With(string fault) => new(PracticeClient.Fast with { Faults = [fault] });

    private static async Task<string> FileUrl(PracticeClient client) => (await client.Export("_type=Observation")).Output[0].Url;

    /// <summary>The file as a sandbox without faults serves it.</summary>
    private static async Task<byte[]> Whole()
    {
        using var client = new PracticeClient();
        return await client.Http.GetByteArrayAsync(await FileUrl(client));
    }

    private static async Task<(byte[] Bytes, Exception? Fault)> ReadAsFarAsItGoes(HttpResponseMessage answer)
    {
        var bytes = new MemoryStream();
        try
        {
            await answer.Content.CopyToAsync(bytes);
            return (bytes.ToArray(), null);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return (bytes.ToArray(), fault);
        }
    }

    private static byte[] Unpack(byte[] bytes)
    {
        using var unpacked = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        gzip.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
