using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GroupExport.Http;

namespace GroupExport.Tests.Http;

/// <summary>The one reader of bodies that are not export files.</summary>
public sealed class WireBodyTests
{
    private const string Json = """{"a":"b"}""";

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("GZIP")]
    [InlineData("deflate")]
    [InlineData("raw-deflate")]
    [InlineData("br")]
    [InlineData("gzip, br")]
    [InlineData("identity")]
    public async Task A_content_coding_is_decoded_although_none_was_asked_for(string codings)
    {
        byte[] body = Encoding.UTF8.GetBytes(Json);
        foreach (string coding in codings.Split(", "))
        {
            body = Encode(coding, body);
        }

        Assert.Equal(Json, (await ReadAsync(body, codings.Replace("raw-", "", StringComparison.Ordinal))).Text);
    }

    [Fact]
    public async Task Gzip_that_no_header_names_is_decoded() => Assert.Equal(Json, (await ReadAsync(Encode("gzip", Encoding.UTF8.GetBytes(Json)))).Text);

    [Fact]
    public async Task A_coding_that_a_proxy_removed_and_left_named_is_no_obstacle() => Assert.Equal(Json, (await ReadAsync(Encoding.UTF8.GetBytes(Json), "gzip")).Text);

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Bytes_of_another_coding_than_is_named_are_a_broken_body(string coding) =>
        await Assert.ThrowsAsync<BodyFault>(() => ReadAsync([0x00, 0xFF, 0xFE, 0x31, 0x32, 0x33], coding));

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, gzip, gzip, gzip, gzip")]
    public async Task An_unknown_coding_is_named_as_such(string coding) =>
        Assert.Equal("it is in a content coding that was not asked for and is not known", (await ReadAsync([0x28, 0xB5, 0x2F], coding)).Unreadable);

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    public async Task UTF16_is_named_as_such(string charset, bool marked)
    {
        Encoding encoding = Encoding.GetEncoding(charset);

        WireBody body = await ReadAsync([.. marked ? encoding.GetPreamble() : [], .. encoding.GetBytes(Json)]);

        Assert.Contains("UTF-16", body.Unreadable, StringComparison.Ordinal);
        Assert.Null(body.ParseJson(out string? fault));
        Assert.Equal(body.Unreadable, fault);
    }

    [Fact]
    public async Task A_byte_order_mark_is_removed() => Assert.Equal(Json, (await ReadAsync([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Json)])).Text);

    [Fact]
    public async Task Latin1_is_converted_where_the_charset_names_it() =>
        Assert.Equal("défaut", (await ReadAsync(Encoding.Latin1.GetBytes("défaut"), charset: "ISO-8859-1")).Text);

    [Fact]
    public async Task A_bomb_is_cut_off_at_the_limit()
    {
        WireBody body = await ReadAsync(Encode("gzip", new byte[10_000_000].Select(_ => (byte)' ').ToArray()), "gzip", maxBytes: 100_000);

        Assert.True(body.IsCut);
        Assert.Equal(100_000, body.Utf8.Length);
        Assert.Null(body.ParseJson(out string? fault));
        Assert.Equal("it is larger than is allowed", fault);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData(" \r\n", "it is empty")]
    [InlineData("<!DOCTYPE html><title>x", "it is a web page")]
    [InlineData("{", "it is not JSON")]
    public async Task The_reason_why_a_body_is_not_JSON_is_told(string text, string expected)
    {
        Assert.Null((await ReadAsync(Encoding.UTF8.GetBytes(text))).ParseJson(out string? fault));
        Assert.Equal(expected, fault);
    }

    [Fact]
    public async Task Absurd_depth_is_named_as_such()
    {
        Assert.Null((await ReadAsync(Encoding.UTF8.GetBytes($"{{\"output\":{new string('[', 200_000)}"))).ParseJson(out string? fault));
        Assert.Equal("it is nested deeper than 64 levels", fault);
    }

    [Fact]
    public async Task JSON_that_a_server_calls_a_web_page_is_JSON()
    {
        WireBody body = await ReadAsync(Encoding.UTF8.GetBytes(Json), mediaType: "text/html");

        using JsonDocument? document = body.ParseJson(out _);
        Assert.NotNull(document);
        Assert.False(body.IsPage);
    }

    private static async Task<WireBody> ReadAsync(byte[] body, string? coding = null, int maxBytes = 1_000_000, string? charset = null, string mediaType = "application/json")
    {
        using HttpResponseMessage response = new(HttpStatusCode.OK) { Content = new ByteArrayContent(body) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType, charset);
        if (coding is not null)
        {
            response.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        }

        return await WireBody.ReadAsync(response, maxBytes, CancellationToken.None);
    }

    private static byte[] Encode(string coding, byte[] body)
    {
        using MemoryStream encoded = new();
        using (Stream encoder = coding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(encoded, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(encoded, CompressionLevel.Fastest, leaveOpen: true),
            "raw-deflate" => new DeflateStream(encoded, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(encoded, CompressionLevel.Fastest, leaveOpen: true),
            _ => new BufferedStream(encoded),
        })
        {
            encoder.Write(body);
            encoder.Flush();
            return coding == "identity" ? body : Finished(encoder, encoded);
        }
    }

    private static byte[] Finished(Stream encoder, MemoryStream encoded)
    {
        encoder.Dispose();
        return encoded.ToArray();
    }
}
