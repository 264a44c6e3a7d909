using GroupExport.Http;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>The link of one file: renewed when it has expired, but not for ever.</summary>
internal sealed class LinkRenewal(ExportFile file, FreshLinks links, Action<ExportEvent> report)
{
    private const int MostFruitless = 3;

    private int _generation;
    private int _fruitless;

    /// <summary>Where the file is by the newest manifest.</summary>
    /// <exception cref="ExportException">Its link cannot be requested.</exception>
    public Uri Newest()
    {
        (ExportFile newest, _generation) = links.Of(file);
        return ServerUrl.Of(newest.Url).Uri;
    }

    public void Worked()
    {
        if (_generation > 0)
        {
            _fruitless = 0;
            links.Worked();
        }
    }

    /// <summary>Asks for a newer link after a refusal; false when that is not what is wrong.</summary>
    /// <exception cref="ExportException">The manifest cannot be had any more.</exception>
    public async ValueTask<bool> RenewAsync(int statusCode, CancellationToken cancellationToken)
    {
        if (statusCode is not (403 or 404 or 410) || _fruitless++ >= MostFruitless)
        {
            return false;
        }

        report(new Remark($"{file.Name}: its link no longer works (HTTP {statusCode}); the manifest is asked for fresh ones."));
        try
        {
            return await links.RenewAsync(_generation, cancellationToken).ConfigureAwait(false);
        }
        catch (ExportException gone) when (gone.Kind == ExportErrorKind.JobNotFound)
        {
            throw new ExportException(
                ExportErrorKind.FileFailed,
                $"{file.Name} can't be downloaded (HTTP {statusCode}): the server no longer knows this export, because it was removed or has expired. Start a new export with New-GroupExport and save it to another folder; files that are saved stay valid.",
                gone)
            {
                Subject = file,
                StatusCode = statusCode,
            };
        }
        catch (ExportException gone)
        {
            throw new ExportException(ExportErrorKind.FileFailed, $"{file.Name} cannot be had (HTTP {statusCode}), and no fresh link for it: {gone.Message}", gone) { Subject = file, StatusCode = statusCode };
        }
    }
}
