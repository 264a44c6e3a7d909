using System.Globalization;

namespace GroupExport.Sandbox.Http;

/// <summary>What a <c>Range</c> header asks for (RFC 9110, 14.1.2).</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Count">Number of bytes; 0 when no byte of the range exists.</param>
internal readonly record struct ByteRange(long Offset, long Count)
{
    public bool IsSatisfiable => Count > 0;

    /// <summary>Null when the header has to be ignored: several ranges, another unit, or no range at all.</summary>
    public static ByteRange? Parse(string? header, long length)
    {
        const string Unit = "bytes=";
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bounds = header[Unit.Length..].Trim().Split('-');
        if (bounds.Length != 2)
        {
            return null;
        }

        var hasFirst = TryNumber(bounds[0], out var first);
        var hasLast = TryNumber(bounds[1], out var last);
        return (hasFirst, hasLast) switch
        {
            (true, true) when last < first => null,
            (true, true) => From(first, last, length),
            (true, false) when bounds[1].Length == 0 => From(first, length - 1, length),
            (false, true) when bounds[0].Length == 0 => new ByteRange(Math.Max(0, length - last), Math.Min(last, length)),
            _ => null,
        };
    }

    private static ByteRange From(long first, long last, long length) =>
        first < length ? new ByteRange(first, Math.Min(last, length - 1) - first + 1) : new ByteRange(0, 0);

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
