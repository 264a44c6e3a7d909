using System.Net;
using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Manifests;

namespace GroupExport.Jobs;

/// <summary>
/// Reads the pages of a manifest as they come to be: all at once when the export is complete, one after the other while it runs
/// (Bulk Data Access 3, <c>allowPartialManifests</c>). It lives as long as somebody waits for the job.
/// </summary>
/// <remarks>A page never changes, but for a link that is added and for links of files that are renewed. So the root and the last page are asked again.</remarks>
internal sealed class ManifestWalk(GroupExportConnection connection, ExportJob job, TimeSpan longestRetryAfter, TransientRetry pageRetry, TimeSpan transientTimeout)
{
    /// <summary>A million files or so.</summary>
    public const int MaxBytes = 256_000_000;

    private readonly ManifestPages _pages = new(ServerUrl.Of(job.StatusUrl));

    /// <summary>Whether there is a page yet.</summary>
    public bool HasPages => _pages.Count > 0;

    public ManifestPages Pages => _pages;

    /// <summary>The page that was asked for last, from 1: when something is wrong, with this one.</summary>
    public int AskedPage { get; private set; } = 1;

    /// <summary>Gets when the page that was asked for last was first asked for.</summary>
    public DateTimeOffset AskedAt { get; private set; }

    /// <summary>The wait that a page asked for which is not there yet; null when none did.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    /// <summary>Takes the root and follows the links as far as they lead. Says whether the last page is there and links to no other.</summary>
    /// <param name="root">The body of the answer of the status URL.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="remark">Takes what is done.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <exception cref="ExportException">A page is no manifest, or cannot be had.</exception>
    public async Task<bool> FollowAsync(WireBody root, ServerUrl source, Action<string> remark, CancellationToken cancellationToken)
    {
        RetryAfter = null;
        AskedPage = 1;
        ReadOnlyMemory<byte> json = root.Utf8;
        if (_pages.Count == 0)
        {
            _pages.Add(json, source);
        }
        else
        {
            _pages.Renew(0, json, source);
            if (_pages.Count > 1 && _pages.Next is null && await FetchAsync(_pages.Last.Source, _pages.Count, remark, cancellationToken).ConfigureAwait(false) is { } last)
            {
                _pages.Renew(_pages.Count - 1, last, _pages.Last.Source);
            }
        }

        while (_pages.Next is { } linked)
        {
            ServerUrl next = connection.Meant(linked);
            if (await FetchAsync(next, _pages.Count + 1, remark, cancellationToken).ConfigureAwait(false) is not { } page)
            {
                return false;
            }

            _pages.Add(page, next);
        }

        return true;
    }

    /// <summary>Null when the page is not there yet.</summary>
    private async Task<ReadOnlyMemory<byte>?> FetchAsync(ServerUrl url, int page, Action<string> remark, CancellationToken cancellationToken)
    {
        AskedPage = page;
        AskedAt = connection.Clock.GetUtcNow();
        remark($"GET {url}: page {page} of the manifest");
        PageRetry retry = new(connection, job, pageRetry, new OriginPatience(AskedAt, transientTimeout, pageRetry.Attempts), longestRetryAfter);
        return await retry.RunAsync(url.Uri, (response, token) => TakeAsync(response, url.Uri, page, token), remark, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ReadOnlyMemory<byte>?> TakeAsync(HttpResponseMessage response, Uri uri, int page, CancellationToken cancellationToken)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                return await ReadAsync(response, uri, page, cancellationToken).ConfigureAwait(false);
            case HttpStatusCode.Accepted:
                RetryAfter = Http.RetryAfter.Read(response, connection.Clock.GetUtcNow(), longestRetryAfter);
                return null;
        }

        throw Refused(await ServerAnswer.ReadAsync(response, MaskFor(uri), cancellationToken).ConfigureAwait(false), response, page);
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, Uri uri, int page, CancellationToken cancellationToken)
    {
        StatusReading reading = await StatusReading.OfPageAsync(response, MaskFor(uri), cancellationToken).ConfigureAwait(false);
        return reading.Body switch
        {
            // What is no JSON at all is something on the way, and requested again with the status.
            StatusBody.Manifest or StatusBody.Empty or StatusBody.Incomplete or StatusBody.Page or StatusBody.Text => reading.Content!.Utf8,
            StatusBody.Unusable => throw reading.Answer.ToFailure(
                ExportErrorKind.InvalidManifest,
                $"Page {page} of the manifest cannot be used: {reading.Detail}. The job was left alone; {(reading.Content!.IsCut ? "export fewer types or patients" : "ask the server's administrator")}.",
                job),
            _ => throw Refused(reading.Answer, response, page),
        };
    }

    /// <summary>A page that says no, also inside a 200, as Redox does.</summary>
    private Exception Refused(ServerAnswer answer, HttpResponseMessage response, int page) => TransientFault.IsTransient(answer.StatusCode) || answer.SaysTransient
        ? new TransientFailure(answer, Http.RetryAfter.Read(response, connection.Clock.GetUtcNow(), longestRetryAfter))
        : answer.ToFailure(
            ExportErrorKind.InvalidManifest,
            $"Page {page} of the manifest cannot be had ({answer}). The job was left alone; ask again later. Save-ExportFiles saves what the pages before it list.",
            job);

    private Func<string, string> MaskFor(Uri uri)
    {
        ServerWords words = new(connection, job.Sent);
        HiddenValues hidden = new(HiddenValues.OfQuery(uri));
        return text => words.Mask(hidden.Mask(text));
    }
}
