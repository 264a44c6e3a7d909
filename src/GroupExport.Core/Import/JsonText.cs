using System.Buffers;
using System.Globalization;
using System.Text;

namespace GroupExport.Import;

/// <summary>Reads strings of valid JSON as they stand there: instants stay text, and half a surrogate pair stays one (RFC 8259, 8.2), which the runtime's reader refuses.</summary>
internal static class JsonText
{
    /// <param name="content">The string without its quotation marks.</param>
    public static string Unescape(ReadOnlySpan<byte> content)
    {
        // UTF-8 and escapes both take at least a byte for each character.
        char[] text = ArrayPool<char>.Shared.Rent(content.Length);
        try
        {
            int length = 0;
            while (content.IndexOf((byte)'\\') is >= 0 and int at)
            {
                length += Encoding.UTF8.GetChars(content[..at], text.AsSpan(length));
                text[length++] = Character(content[(at + 1)..]);
                content = content[(at + (content[at + 1] == (byte)'u' ? 6 : 2))..];
            }

            length += Encoding.UTF8.GetChars(content, text.AsSpan(length));
            return new string(text, 0, length);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(text, clearArray: true);
        }
    }

    private static char Character(ReadOnlySpan<byte> escape) => escape[0] switch
    {
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        (byte)'n' => '\n',
        (byte)'r' => '\r',
        (byte)'t' => '\t',
        (byte)'u' => (char)ushort.Parse(escape.Slice(1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
        byte itself => (char)itself,
    };
}
