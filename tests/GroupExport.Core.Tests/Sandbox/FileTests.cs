using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace GroupExport.Tests.Sandbox;

public sealed class FileTests : IAsyncLifetime, IDisposable
{
    private readonly PracticeClient _client = new();
    private string _url = "";
    private byte[] _whole = [];
    private EntityTagHeaderValue _tag = EntityTagHeaderValue.Any;

    public async Task InitializeAsync()
    {
        _url = (await _client.Export("_type=Observation")).Output[0].Url;
        using var answer = await Get(_ => { });
        _whole = await answer.Content.ReadAsByteArrayAsync();
        _tag = answer.Headers.ETag!;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_file_announces_what_it_is()
    {
        using var answer = await Get(_ => { });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/fhir+ndjson", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(_whole.Length, answer.Content.Headers.ContentLength);
        Assert.False(_tag.IsWeak);
        Assert.Equal("bytes", answer.Headers.AcceptRanges.Single());
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Head_announces_the_same_without_a_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, _url);
        using var answer = await _client.Http.SendAsync(request);
        Assert.Equal(_whole.Length, answer.Content.Headers.ContentLength);
        Assert.Equal(_tag, answer.Headers.ETag);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        using var after = await Get(_ => { });
        Assert.Equal(_whole, await after.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(0, 0L)]
    [InlineData(10, 99L)]
    [InlineData(5000, null)]
    [InlineData(5, 99999999L)]
    public async Task A_range_is_cut_out_of_the_whole(int from, long? to)
    {
        using var answer = await Get(headers => headers.Range = new(from, to));
        var last = (int)Math.Min(to ?? long.MaxValue, _whole.Length - 1);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal($"bytes {from}-{last}/{_whole.Length}", answer.Content.Headers.ContentRange!.ToString());
        Assert.Equal(_whole[from..(last + 1)], await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_suffix_range_counts_from_the_end()
    {
        using var answer = await Get(headers => headers.Range = new(null, 100));
        Assert.Equal(_whole[^100..], await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_range_behind_the_end_cannot_be_satisfied()
    {
        using var answer = await Get(headers => headers.Range = new(_whole.Length, null));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, answer.StatusCode);
        Assert.Equal($"bytes */{_whole.Length}", answer.Content.Headers.ContentRange!.ToString());
    }

    [Theory]
    [InlineData("bytes=0-1,4-5")]
    [InlineData("lines=1-2")]
    [InlineData("bytes=9-5")]
    [InlineData("bytes=-")]
    public async Task A_range_that_makes_no_sense_is_ignored(string range)
    {
        using var answer = await Get(headers => headers.TryAddWithoutValidation("Range", range));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(_whole, await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task If_Range_gives_the_rest_only_of_the_same_representation()
    {
        using var same = await Get(headers => (headers.Range, headers.IfRange) = (new(100, null), new(_tag)));
        Assert.Equal(HttpStatusCode.PartialContent, same.StatusCode);
        using var other = await Get(headers => (headers.Range, headers.IfRange) = (new(100, null), new("\"other\"")));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(_whole, await other.Content.ReadAsByteArrayAsync());
        using var encoded = await Get(headers =>
        {
            (headers.Range, headers.IfRange) = (new(100, null), new(_tag));
            headers.AcceptEncoding.Add(new("gzip"));
        });
        Assert.Equal(HttpStatusCode.OK, encoded.StatusCode);
    }

    [Fact]
    public async Task Gzip_comes_when_asked_for_under_its_own_tag()
    {
        using var answer = await Get(headers => headers.AcceptEncoding.ParseAdd("br, gzip;q=0.5"));
        Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
        Assert.NotEqual(_tag, answer.Headers.ETag);
        var compressed = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(compressed.Length, answer.Content.Headers.ContentLength);
        using var unpacked = new MemoryStream();
        await using (var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress))
        {
            await gzip.CopyToAsync(unpacked);
        }

        Assert.Equal(_whole, unpacked.ToArray());
        using var part = await Get(headers =>
        {
            headers.AcceptEncoding.ParseAdd("gzip");
            headers.Range = new(10, null);
            headers.IfRange = new(answer.Headers.ETag!);
        });
        Assert.Equal(compressed[10..], await part.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("gzip;q=0")]
    [InlineData("br")]
    public async Task Gzip_stays_away_when_not_asked_for(string accepted)
    {
        using var answer = await Get(headers => headers.AcceptEncoding.ParseAdd(accepted));
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.Equal(_tag, answer.Headers.ETag);
    }

    private async Task<HttpResponseMessage> Get(Action<HttpRequestHeaders> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _url);
        change(request.Headers);
        return await _client.Http.SendAsync(request);
    }
}
