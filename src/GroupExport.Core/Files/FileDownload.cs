using System.Diagnostics;
using System.Net;
using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>Fetches one file into the folder: to <c>*.part</c> first, then in one step to its name.</summary>
internal sealed class FileDownload(GroupExportConnection connection, ExportFile file, ReceiptEntry planned, ExportFolder folder, SaveOptions options, bool checkCount, Action<ExportEvent> report, Action<int> onBytes)
{
    private readonly string _path = folder.PathOf(file.Name);
    private int _attempts;
    private bool _avoidGzip;

    /// <summary>Why the file was kept aside; null when it was saved.</summary>
    public ExportException? Flaw { get; private set; }

    /// <summary>The entry of the receipt for a file that was saved, or kept aside because it is not what the manifest says.</summary>
    /// <exception cref="ExportException">The file cannot be had, or the disk failed.</exception>
    public async Task<ReceiptEntry> RunAsync(CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        RefuseStrangers();
        ExportFolder.OnDisk(() => PrivateFiles.CreateFolder(Path.GetDirectoryName(_path)!));
        BodyResult result;
        try
        {
            result = await options.Retry.RunAsync(AttemptAsync, connection.Clock, text => report(new Remark($"{file.Name}: {text}")), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (TransientFault.IsTransient(fault))
        {
            throw new ExportException(
                ExportErrorKind.FileFailed,
                $"{file.Name} could not be fetched in {_attempts} attempts ({Describe(fault)}). {folder.Advice}",
                fault)
            {
                Subject = file,
            };
        }
        catch (ExportException refused) when (refused.Kind is ExportErrorKind.InvalidServerUri or ExportErrorKind.UnsafeRedirect)
        {
            throw new ExportException(refused.Kind, $"{file.Name} cannot be had: {refused.Message}", refused) { Subject = file };
        }

        Flaw = FlawOf(result);
        ReceiptEntry entry = planned with
        {
            State = Flaw is null ? ReceiptEntry.Saved : ReceiptEntry.Invalid,
            Count = result.Lines?.Count,
            Bytes = result.Bytes,
            Sha256 = result.Sha256,
            Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3),
            Attempts = _attempts,
        };
        ExportFolder.OnDisk(() => Settle(entry.State));
        return entry;
    }

    private void Settle(string state)
    {
        string aside = _path + ".invalid";
        if (state == ReceiptEntry.Invalid)
        {
            File.Move(_path + ".part", aside, overwrite: true);
            return;
        }

        File.Move(_path + ".part", _path, overwrite: true);
        File.Delete(aside);
    }

    /// <summary>Why the file that came is not the one that was promised; null when it is.</summary>
    private ExportException? FlawOf(BodyResult result)
    {
        if (result.Lines is not { } lines)
        {
            return null;
        }

        if (lines.FirstStrangeLine > 0)
        {
            return Invalid(ExportErrorKind.InvalidFile, $"{file.Name} is no NDJSON: line {lines.FirstStrangeLine} does not begin with a brace.");
        }

        if (lines.BreaksOff)
        {
            return Invalid(ExportErrorKind.InvalidFile, $"{file.Name} breaks off inside its last line, number {lines.Count}: the server closed the connection too early.");
        }

        return checkCount && file.Kind != ExportFile.Error && file.Count is { } promised && promised != lines.Count
            ? Invalid(ExportErrorKind.CountMismatch, $"{file.Name} holds {lines.Count} resources where the manifest says {promised}.")
            : null;
    }

    private ExportException Invalid(ExportErrorKind kind, string what) => new(kind, $"{what} It is kept aside as {_path}.invalid. {folder.Advice}") { Subject = file };

    private async ValueTask<BodyResult> AttemptAsync(CancellationToken cancellationToken)
    {
        _attempts++;
        report(new Remark($"GET {ShownUri.Of(new Uri(file.Url))} to {file.Name}"));
        using HttpResponseMessage response = await connection.SendAsync(Request(), cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            await ThrowAsync(response, cancellationToken).ConfigureAwait(false);
        }

        if (response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml")
        {
            throw new ExportException(ExportErrorKind.FileFailed, $"{file.Name} cannot be had: a web page came instead, such as a proxy's or a login's. Try again; if it stays so, ask the server's operator.") { Subject = file };
        }

        Stream body = Decoded(response, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        await using (body.ConfigureAwait(false))
        {
            FileStream target = OpenPart();
            await using (target.ConfigureAwait(false))
            {
                try
                {
                    return await new BodyPass(options.Validation, onBytes).CopyAsync(body, target, cancellationToken).ConfigureAwait(false);
                }
                catch (GzipFault)
                {
                    _avoidGzip = true;
                    throw;
                }
            }
        }
    }

    private HttpRequestMessage Request()
    {
        HttpRequestMessage request = new(HttpMethod.Get, file.Url);
        request.Headers.TryAddWithoutValidation("Accept", "application/fhir+ndjson");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", _avoidGzip ? "identity" : "gzip");

        return request.WithToken(Rule).FollowingRedirects();
    }

    /// <summary>Nothing said means own origin only; false means never (Bulk Data Access, requiresAccessToken).</summary>
    private TokenRule Rule => file.RequiresAccessToken switch
    {
        true => TokenRule.TrustedOrigins,
        null => TokenRule.OwnOrigin,
        false => TokenRule.Never,
    };

    private void RefuseStrangers()
    {
        Uri url = new(file.Url);
        if (file.RequiresAccessToken == true && connection.HasTokens && !connection.IsTrustedOrigin(url))
        {
            throw new ExportException(
                ExportErrorKind.UntrustedFileOrigin,
                $"{file.Name} wants the access token, but is at {Origin.Of(url)}, which is not the connection's server. Nothing was sent there. If it may have the token, connect with -TrustedOrigin {Origin.Of(url)}.")
            {
                Subject = file,
            };
        }
    }

    private Stream Decoded(HttpResponseMessage response, Stream body)
    {
        string encoding = string.Join(',', response.Content.Headers.ContentEncoding).ToLowerInvariant();
        return encoding switch
        {
            "" or "identity" => body,
            "gzip" or "x-gzip" => new GzipBody(body),
            _ => throw new ExportException(
                ExportErrorKind.FileFailed,
                $"{file.Name} comes in the content encoding '{encoding}', which was not asked for and is not known. Ask the server's operator for gzip or none.")
            {
                Subject = file,
            },
        };
    }

    private FileStream OpenPart()
    {
        FileStream? part = null;
        ExportFolder.OnDisk(() =>
        {
            // A link or a lax mode that somebody left under this name must not get the data.
            File.Delete(_path + ".part");
            part = PrivateFiles.Open(_path + ".part", FileMode.CreateNew, FileShare.Read, bufferSize: 0);
        });
        return part!;
    }

    private async Task ThrowAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        ServerAnswer answer = await ServerAnswer.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        if (TransientFault.IsTransient(answer.StatusCode) || answer.SaysTransient)
        {
            throw new TransientFailure(answer, RetryAfter.Read(response.Headers, connection.Clock.GetUtcNow(), options.Wait.MaxRetryAfter));
        }

        throw answer.StatusCode switch
        {
            401 when file.RequiresAccessToken == false => answer.ToFailure(ExportErrorKind.FileFailed, $"{file.Name} is refused without a token ({answer}), though the manifest says that it needs none; it is not sent one. Ask the server's operator.", file),
            401 when TokenWasDue(response) => answer.ToFailure(ExportErrorKind.TokenRejected, $"The server does not accept the authorization for {file.Name} ({answer}). Connect again with a fresh token. {folder.Advice}", file),
            _ => answer.ToFailure(ExportErrorKind.FileFailed, $"{file.Name} cannot be had ({answer}). If its link has expired: {folder.Advice}", file),
        };
    }

    /// <summary>A 401 of a host that never gets the token says that this link is bad, not that the token is.</summary>
    private bool TokenWasDue(HttpResponseMessage response) =>
        file.RequiresAccessToken != false && response.RequestMessage?.RequestUri is { } asked && connection.IsTrustedOrigin(asked);

    private static string Describe(Exception fault) => fault is GzipFault ? fault.Message : TransientFault.Describe(fault);
}
