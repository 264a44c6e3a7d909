using System.IO.Compression;

namespace GroupExport.Files;

/// <summary>Represents what the body of a file has to be decoded from, whatever its headers say.</summary>
/// <param name="GzipLayers">The number of gzip layers, from the outside.</param>
/// <param name="Wrapper">The FHIR Binary resource inside them that carries the file; null when there is none.</param>
/// <param name="SaysGzip">Whether the Content-Encoding is gzip.</param>
internal sealed record BodyForm(int GzipLayers, BinaryWrapper? Wrapper, bool SaysGzip)
{
    /// <summary>Object stores serve objects that were stored as gzip without a Content-Encoding, or encode them once more.</summary>
    private const int MaxGzipLayers = 2;

    private const int ProbedBytes = 16 * 1024;

    /// <summary>Gets a value indicating whether the body is the content itself.</summary>
    public bool IsPlain => GzipLayers == 0 && Wrapper is null;

    /// <summary>Gets a value indicating whether the body is the content as gzip, and nothing else.</summary>
    public bool IsGzip => GzipLayers == 1 && Wrapper is null;

    /// <summary>Gets the name of the form in which the body is kept as it came, for <see cref="ResumePoint"/>; null when nothing can be resumed in it.</summary>
    public string? Encoding => this switch
    {
        { IsGzip: true, SaysGzip: true } => ResumePoint.Gzip,
        { IsGzip: true } => ResumePoint.GzipObject,
        { IsPlain: true, SaysGzip: false } => ResumePoint.Identity,
        _ => null,
    };

    /// <summary>Gets what the file was decoded from beyond its Content-Encoding, such as <c>gzip</c> or <c>Binary</c>; null when nothing was.</summary>
    public string? Decoded
    {
        get
        {
            IEnumerable<string> layers = Enumerable.Repeat(ResumePoint.Gzip, Math.Max(0, GzipLayers - (SaysGzip ? 1 : 0)));
            string text = string.Join(", ", Wrapper is null ? layers : layers.Append("Binary"));
            return text.Length > 0 ? text : null;
        }
    }

    /// <summary>Returns the form that the headers state.</summary>
    public static BodyForm Stated(bool saysGzip) => new(saysGzip ? 1 : 0, Wrapper: null, saysGzip);

    /// <summary>Returns the form of the body that a resume point describes.</summary>
    public static BodyForm Of(ResumePoint resume) => new(resume.Encoding == ResumePoint.Identity ? 0 : 1, Wrapper: null, resume.Encoding == ResumePoint.Gzip);

    /// <summary>Looks at the beginning of an NDJSON body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="saysGzip">Whether the Content-Encoding is gzip.</param>
    /// <param name="expected">What a Binary resource must be like to carry the file; null when none may.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<BodyForm> FindAsync(PeekedBody body, bool saysGzip, WrapperRule? expected, CancellationToken cancellationToken)
    {
        while (true)
        {
            await body.PeekAsync(cancellationToken).ConfigureAwait(false);
            if (Find(body.Peeked.Span, body.IsAll, saysGzip, expected) is { } form)
            {
                return form;
            }
        }
    }

    /// <summary>Returns null when more of the body is needed.</summary>
    private static BodyForm? Find(ReadOnlySpan<byte> beginning, bool isAll, bool saysGzip, WrapperRule? expected)
    {
        int layers = 0;
        byte[]? decoded = null;
        while (true)
        {
            ReadOnlySpan<byte> text = decoded ?? beginning;
            if (text.Length < 2 && !isAll)
            {
                return null;
            }

            if (layers == MaxGzipLayers || !IsGzipHeader(text))
            {
                break;
            }

            layers++;
            decoded = Probe(text);
        }

        // Only a body that begins as text is taken for text although its header says gzip: what else does not begin as gzip is damaged.
        if (layers == 0 && saysGzip && !IsText(beginning))
        {
            return Stated(saysGzip: true);
        }

        BinaryWrapper? wrapper = null;
        if (expected is not null && !BinaryWrapper.TryFind(decoded ?? beginning, expected, out wrapper) && !isAll)
        {
            return null;
        }

        return new BodyForm(layers, wrapper, saysGzip);
    }

    private static bool IsGzipHeader(ReadOnlySpan<byte> text) => text.StartsWith("\u001F"u8) && text.Length > 1 && text[1] == 0x8B;

    private static bool IsText(ReadOnlySpan<byte> text) => text.Length > 0 && (text[0] is (byte)'{' or (byte)'<' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' || text.StartsWith("\uFEFF"u8));

    /// <summary>Returns the beginning of what is packed, as far as it can be told from the beginning of the gzip.</summary>
    private static byte[] Probe(ReadOnlySpan<byte> packed)
    {
        byte[] buffer = new byte[ProbedBytes];
        int length = 0;
        try
        {
            using GZipStream gzip = new(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            int read;
            while (length < buffer.Length && (read = gzip.Read(buffer, length, buffer.Length - length)) > 0)
            {
                length += read;
            }
        }
        catch (InvalidDataException)
        {
            // The pass over the whole body says what is wrong with it.
        }

        return buffer[..length];
    }
}
