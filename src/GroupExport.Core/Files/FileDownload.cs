using System.Diagnostics;
using System.Net;
using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>Fetches one file into its <c>*.part</c>, and goes on where that ends when the connection was cut.</summary>
internal sealed class FileDownload(
    GroupExportConnection connection,
    ExportFile file,
    ReceiptEntry known,
    ExportFolder folder,
    FreshLinks links,
    SaveOptions options,
    OriginPatience patience,
    FileProgress progress,
    Action<ExportEvent> report) : IDisposable
{
    /// <summary>A cut connection that brought this much on counts as none: a large file over a bad line comes in pieces.</summary>
    private const int WorthwhileBytes = 64 * 1024;

    private readonly string _path = folder.PathOf(ReceiptEntry.StoredName(file.Name, options.Compress));
    private readonly PartFile _part = new(folder.PartOf(file.Name, options.Compress));
    private readonly FileRequest _request = new(connection, file);
    private readonly LinkRenewal _link = new(file, links, report);
    private readonly PacedSender _sender = new(connection.Pacing, patience);
    private readonly Backoff _backoff = new(options.Retry.FirstDelay, options.Retry.LongestDelay);
    private Exception? _lastFault;
    private int _failedAttempts;
    private long _seriesStart;
    private long? _started;
    private ResumePoint? _resume;
    private long _resumedBytes;
    private bool _avoidGzip;
    private bool _keepsBinary;
    private string? _decoded;
    private bool _hadSecondLook;

    /// <summary>Its entry as long as it is not saved: what is known of its part.</summary>
    public ReceiptEntry Planned { get; private set; } = known;

    /// <summary>How often it was asked for.</summary>
    public int Attempts { get; private set; }

    /// <summary>When it may be tried again.</summary>
    public DateTimeOffset Due { get; private set; }

    /// <summary>Tries once. What came is still in its part; null when it has to be tried again, as soon as it is due.</summary>
    /// <exception cref="ExportException">The file cannot be had, or the disk failed.</exception>
    public async Task<FetchedFile?> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            Prepare();
            FetchedFile fetched = await AttemptAsync(cancellationToken).ConfigureAwait(false);
            return fetched with { Entry = fetched.Entry with { Seconds = Math.Round((decimal)Stopwatch.GetElapsedTime(_started!.Value).TotalSeconds, 3) } };
        }
        catch (Exception fault) when (TransientFault.MayPass(fault))
        {
            Postpone(fault);
            return null;
        }
        catch (Exception fault) when (fault is not ExportException && TransientFault.IsTransient(fault))
        {
            throw GivenUp(fault);
        }
        catch (RejectedBody rejected)
        {
            _resume = null;
            throw new ExportException(
                ExportErrorKind.FileRejected,
                $"{file.Name} was not read to its end: {rejected.Message}. Nothing of it was kept. Ask the server's operator for this file.",
                rejected)
            {
                Subject = file,
            };
        }
        catch (ExportException refused) when (refused.Kind is ExportErrorKind.InvalidServerUri or ExportErrorKind.UnsafeServerUrl or ExportErrorKind.UnsafeRedirect)
        {
            throw new ExportException(refused.Kind, $"{file.Name} cannot be had: {refused.Message}", refused) { Subject = file };
        }
    }

    /// <summary>Leaves a part that can be gone on with, and no other.</summary>
    public void Dispose()
    {
        if (_resume is null)
        {
            _part.Remove();
        }

        _part.Dispose();
    }

    /// <exception cref="ExportException">The manifest states no URL for it.</exception>
    private void Prepare()
    {
        if (file.Url.Length == 0)
        {
            throw new ExportException(
                ExportErrorKind.FileFailed,
                $"{file.Name} can't be downloaded: {file.Fault ?? "the manifest lists it without a URL"}. Contact the server administrator.")
            {
                Subject = file,
            };
        }

        if (_started is null)
        {
            _started = Stopwatch.GetTimestamp();
            folder.MakeFolderOf(file.Name);
            _resume = _part.IsTrustworthy ? ResumePoint.Of(Planned, options.Compress) : null;
            if (_resume is { Length: { } length })
            {
                _part.LeaveOneByteOf(length);
            }
        }
        else if (_sender.IsCharged())
        {
            Charge(_lastFault!);
        }
    }

    /// <summary>Settles when to try again after a failure. What the origin is at fault for costs no attempt, and ends only when it makes no progress for too long.</summary>
    private void Postpone(Exception fault)
    {
        _lastFault = fault;
        if (_sender.IsOwnFault)
        {
            Charge(fault);
        }
        else if (_sender.IsOriginLost)
        {
            throw OriginLost(fault);
        }

        TimeSpan delay = fault is TransientFailure { RetryAfter: { Ticks: > 0 } asked } ? asked : _backoff.Next();
        Due = connection.Clock.GetUtcNow() + delay;
        string failed = _sender.IsOwnFault ? $"Attempt {_failedAttempts} of {options.Retry.Attempts} failed" : "The server is away or busy";
        report(new Remark($"{file.Name}: {failed} ({TransientFault.Describe(fault)}); next one in {delay.TotalSeconds:0.#} s."));
    }

    /// <summary>Counts a failed attempt.</summary>
    /// <exception cref="ExportException">It was the last one.</exception>
    private void Charge(Exception fault)
    {
        if (++_failedAttempts < options.Retry.Attempts)
        {
            return;
        }

        _seriesStart = Math.Min(_seriesStart, _part.Length);
        if (_resume is null || _part.Length - _seriesStart < WorthwhileBytes)
        {
            throw GivenUp(fault);
        }

        report(new Remark($"{file.Name}: {_part.Length - _seriesStart} bytes further, so the attempts begin anew."));
        _failedAttempts = 0;
        _seriesStart = _part.Length;
        _backoff.Reset();
    }

    private ExportException GivenUp(Exception fault) => fault as ExportException ?? new ExportException(
        ExportErrorKind.FileFailed,
        $"{file.Name} could not be fetched in {Attempts} attempts ({TransientFault.Describe(fault)}). {folder.Advice}",
        fault)
    {
        Subject = file,
    };

    /// <summary>A token that cannot be had ends the run; a lost origin ends its files only.</summary>
    private ExportException OriginLost(Exception? fault) => fault as ExportException ?? new ExportException(
        ExportErrorKind.FileFailed,
        $"{file.Name} could not be fetched, because {Origin.Of(_link.Newest())} has made no progress for {patience.Limit.TotalMinutes:0.#} min (-TransientTimeout){(fault is null ? "" : $": {TransientFault.Describe(fault)}")}. {folder.Advice}",
        fault)
    {
        Subject = file,
    };

    private async ValueTask<FetchedFile> AttemptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Uri url = _link.Newest();
            _request.RefuseStrangers(url);
            using HttpResponseMessage response = await SendAsync(url, cancellationToken).ConfigureAwait(false);
            bool isRest = _resume?.Fits(response, Offset) == true;
            if (!isRest && _resume is not null && response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                _resume = null;
                if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NoContent))
                {
                    report(new Remark($"{file.Name}: what came is not the rest of what is there, so it starts over."));
                    continue;
                }
            }

            if (isRest || response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent)
            {
                _link.Worked();
                if (await ReceiveAsync(response, cancellationToken).ConfigureAwait(false) is { } fetched)
                {
                    return fetched;
                }
            }
            else if (_request.WantsTokenToo(response))
            {
                report(new Remark($"{file.Name}: its link is signed, but {Origin.Of(url)} wants the token too, and may have it."));
            }
            else if (!await _link.RenewAsync((int)response.StatusCode, cancellationToken).ConfigureAwait(false))
            {
                throw await RefusalAsync(response, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private bool IsOrganized => folder.Receipt.OutputOrganizedBy is not null && file.Kind == ExportFile.Output;

    /// <summary>Where the part ends that is gone on with.</summary>
    private long Offset => _part.Length > 0 ? _part.Length : PartFile.LengthOf(_part.Path);

    private HttpRequestMessage Request(Uri url)
    {
        HttpRequestMessage request = _request.To(url, _resume?.WireEncoding ?? (_avoidGzip ? ResumePoint.Identity : ResumePoint.Gzip));
        _resume?.AskForRest(request, Offset);
        return request.WithStallTimeout(options.StallTimeout);
    }

    /// <summary>Sends a request when its origin may be asked.</summary>
    private async Task<HttpResponseMessage> SendAsync(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            return await _sender.SendAsync(url, token => SendNowAsync(url, token), cancellationToken).ConfigureAwait(false) ?? throw OriginLost(_lastFault);
        }
        catch (Exception) when (_sender.LastFault == OriginFault.Unreachable)
        {
            // It never was asked for.
            Attempts--;
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendNowAsync(Uri url, CancellationToken cancellationToken)
    {
        Attempts++;
        report(new Remark($"GET {ShownUri.Of(url)} to {file.Name}{(_resume is null ? "" : $" from byte {Offset}")}"));
        HttpResponseMessage response = await connection.SendAsync(Request(url), cancellationToken).ConfigureAwait(false);
        if (!OriginFaults.MayBeOf(response.StatusCode))
        {
            return response;
        }

        using (response)
        {
            throw await RefusalAsync(response, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<Exception> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        _request.RefusalAsync(response, options.Wait.MaxRetryAfter, folder.Advice, cancellationToken);

    /// <summary>Null when it has to be asked for once more.</summary>
    private async ValueTask<FetchedFile?> ReceiveAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        bool saysGzip = _request.IsGzip(response);
        bool goesOn = _resume is not null;
        PeekedBody wire = new(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        BodyForm form = await FormAsync(wire, saysGzip, response, cancellationToken).ConfigureAwait(false);
        bool keepsWire = options.Compress ? form.IsGzip : form.IsPlain;
        if (goesOn)
        {
            _part.Continue();
        }
        else
        {
            _part.Begin();
            _resume = keepsWire && form.Encoding is { } encoding ? ResumePoint.Of(response, encoding) : null;
            Remember(response);
        }

        _decoded = form.Decoded;
        _resumedBytes = goesOn ? _part.Length : 0;
        progress.Begin(form.IsPlain ? response.Content.Headers.ContentLength + _resumedBytes : null);
        Stream? stored = goesOn ? _part.OpenWritten() : null;
        Stream body = keepsWire ? new WireTap(wire, _part, stored, goesOn ? response.Content.Headers.ContentRange?.Length : null) : wire;
        ContentFacts facts = await OrInOtherFormAsync(Pass().RunAsync(body, form, keepsWire, cancellationToken)).ConfigureAwait(false);

        // Where nothing came, there was no checksum either.
        return Judge(facts, Proof.Of(response, hasChecksum: form.GzipLayers > 0 && facts.Bytes > 0));
    }

    /// <summary>Only NDJSON is looked into: what else a file holds is not known when its lines are not looked at.</summary>
    private async ValueTask<BodyForm> FormAsync(PeekedBody wire, bool saysGzip, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (_resume is not null)
        {
            return BodyForm.Of(_resume);
        }

        if (options.Validation == Validation.None)
        {
            return BodyForm.Stated(saysGzip);
        }

        WrapperRule? wrapper = _keepsBinary ? null : WrapperRule.For(file, response.Content.Headers.ContentType);
        BodyForm form = await BodyForm.FindAsync(wire, saysGzip, wrapper, cancellationToken).ConfigureAwait(false);
        if (form.Decoded is { } decoded)
        {
            report(new Remark($"{file.Name}: it is decoded from {decoded}, whatever its headers say."));
        }

        return form;
    }

    private BodyPass Pass() => new(new ContentPass(LineScans.For(file, IsOrganized, options), options.MaxLineBytes, Came), _part, options.Compress);

    private void Came(int bytes)
    {
        _sender.Progressed();
        progress.Add(bytes);
    }

    private async Task<ContentFacts> OrInOtherFormAsync(Task<ContentFacts> pass)
    {
        try
        {
            return await pass.ConfigureAwait(false);
        }
        catch (GzipFault)
        {
            _avoidGzip = true;
            _resume = null;
            throw;
        }
        catch (BinaryFault)
        {
            _keepsBinary = true;
            _resume = null;
            throw;
        }
    }

    private FetchedFile? Judge(ContentFacts facts, string proof)
    {
        if (proof == Proof.Unproven && facts.Scan is { EndsInFault: true })
        {
            throw new BodyFault("the connection ended inside a line");
        }

        CountVerdict count = CountVerdict.Of(file, facts.Scan, IsOrganized);
        ExportException? flaw = FileFlaw.Of(file, facts, count, _path + ReceiptEntry.AsideEnding);
        if (flaw is not null && !_hadSecondLook && (flaw.Kind == ExportErrorKind.CountMismatch || _resumedBytes > 0))
        {
            report(new Remark($"{file.Name} is not what the manifest promised ({flaw.Kind}), so it is fetched once more from its start."));
            _hadSecondLook = true;
            _resume = null;
            return null;
        }

        count.Tell(report);
        return new FetchedFile(Entry(facts, count.Holds ? Proof.Count : proof, flaw is not null), _part, _path, Replaced(flaw is not null), flaw);
    }

    /// <summary>The file in its other form: what was kept aside of it, and what an earlier run saved, unless what came now is worse.</summary>
    private IReadOnlyList<string> Replaced(bool isFlawed)
    {
        string other = folder.PathOf(ReceiptEntry.StoredName(file.Name, !options.Compress));
        bool wasSaved = Planned is { Sha256: not null, IsCompressed: var compressed } && compressed != options.Compress;
        return wasSaved && !isFlawed ? [other + ReceiptEntry.AsideEnding, other] : [other + ReceiptEntry.AsideEnding];
    }

    private ReceiptEntry Entry(ContentFacts facts, string proof, bool isFlawed) => Planned with
    {
        State = isFlawed ? ReceiptEntry.Invalid : ReceiptEntry.Saved,
        Count = facts.Scan?.Count,
        Bytes = facts.Bytes,
        StoredBytes = _part.Length,
        IsCompressed = options.Compress,
        Sha256 = facts.Sha256,
        ProvedBy = proof,
        DecodedFrom = _decoded,
        Attempts = Attempts,
        ResumedBytes = _resumedBytes,
        BadLines = facts.Scan?.FindingCount ?? 0,
    };

    /// <summary>Writes down what a later process must know to go on with the part; small files are not worth it, unless what was written down before is of another part.</summary>
    private void Remember(HttpResponseMessage response)
    {
        bool isOutdated = Planned.Validator is not null;
        Planned = Planned with { Validator = _resume?.Validator, PartEncoding = _resume?.Encoding, AnswerBytes = _resume?.Length };
        if (isOutdated || (_resume is not null && response.Content.Headers.ContentLength is null or >= WorthwhileBytes))
        {
            folder.Record(Planned with { State = ReceiptEntry.Planned });
        }
    }
}
