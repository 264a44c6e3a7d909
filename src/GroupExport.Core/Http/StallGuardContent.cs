using System.Net;

namespace GroupExport.Http;

/// <summary>The body of an answer, which fails with a <see cref="TimeoutException"/> when no byte comes for a while instead of waiting for ever.</summary>
internal sealed class StallGuardContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly TimeSpan _stallTimeout;
    private readonly TimeSpan _wholeTimeout;
    private readonly TimeProvider _clock;

    public StallGuardContent(HttpContent inner, TimeSpan stallTimeout, TimeSpan wholeTimeout, TimeProvider clock)
    {
        _inner = inner;
        _stallTimeout = stallTimeout;
        _wholeTimeout = wholeTimeout;
        _clock = clock;
        foreach ((string name, var values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values);
        }
    }

    protected override async Task<Stream> CreateContentReadStreamAsync() =>
        new StallGuardStream(await _inner.ReadAsStreamAsync().ConfigureAwait(false), _stallTimeout, _wholeTimeout, _clock);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    // Without this overload the token of ReadAsByteArrayAsync is dropped, and Ctrl+C waits for a body that trickles.
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using Stream body = await CreateContentReadStreamAsync().ConfigureAwait(false);
        await body.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
