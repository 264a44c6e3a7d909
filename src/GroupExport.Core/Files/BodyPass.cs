using System.IO.Compression;

namespace GroupExport.Files;

/// <summary>Takes the body of an answer through the one pass over its content, and stores it in the form that is wanted: plain, zipped here, or as it came.</summary>
internal sealed class BodyPass(ContentPass pass, PartFile part, bool compress)
{
    /// <param name="body">The body; where it is kept as it came, whoever reads from it stores it already.</param>
    /// <param name="form">What it has to be decoded from.</param>
    /// <param name="keepsWire">Whether it is kept as it came.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    /// <exception cref="RejectedBody">It is not read to its end because of what it does.</exception>
    public async Task<ContentFacts> RunAsync(Stream body, BodyForm form, bool keepsWire, CancellationToken cancellationToken)
    {
        Stream content = Decoded(body, form);
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

    private static Stream Decoded(Stream body, BodyForm form)
    {
        if (form.IsPlain)
        {
            return body;
        }

        EncodedBody encoded = new(body);
        Stream content = encoded;
        for (int layer = 0; layer < form.GzipLayers; layer++)
        {
            content = new GzipBody(content);
        }

        return new InflationLimit(form.Wrapper is { } wrapper ? new BinaryBody(content, wrapper) : content, encoded);
    }
}
