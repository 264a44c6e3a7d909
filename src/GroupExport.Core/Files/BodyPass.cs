using System.IO.Compression;

namespace GroupExport.Files;

/// <summary>Takes the body of an answer through the one pass over its content, and stores it in the form that is wanted: plain, zipped here, or as it came.</summary>
internal sealed class BodyPass(ContentPass pass, PartFile part, bool compress)
{
    /// <param name="body">The body; where it is kept as it came, whoever reads from it stores it already.</param>
    /// <param name="isGzip">Whether it is gzip.</param>
    /// <param name="keepsWire">Whether it is kept as it came.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    public async Task<ContentFacts> RunAsync(Stream body, bool isGzip, bool keepsWire, CancellationToken cancellationToken)
    {
        Stream content = isGzip ? new GzipBody(body) : body;
        await using (content.ConfigureAwait(false))
        {
            if (keepsWire || !compress)
            {
                using PartStream? plain = keepsWire ? null : new PartStream(part);
                return await pass.RunAsync(content, plain, cancellationToken).ConfigureAwait(false);
            }

            using GZipStream zipped = new(new PartStream(part), CompressionLevel.Fastest);
            return await pass.RunAsync(content, zipped, cancellationToken).ConfigureAwait(false);
        }
    }
}
