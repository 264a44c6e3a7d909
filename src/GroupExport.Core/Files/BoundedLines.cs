using System.Text;

namespace GroupExport.Files;

/// <summary>Reads lines, and keeps no more of each than fits: what a server calls a line can be the whole of a file.</summary>
/// <param name="reader">Where they come from.</param>
/// <param name="mostCharacters">What is kept of a line.</param>
internal sealed class BoundedLines(TextReader reader, int mostCharacters)
{
    private readonly char[] _buffer = new char[16 * 1024];
    private ReadOnlyMemory<char> _rest;

    /// <summary>The next line, cut off where it is too long; null at the end.</summary>
    public async ValueTask<string?> NextAsync(CancellationToken cancellationToken)
    {
        StringBuilder? line = null;
        while (await FillAsync(cancellationToken).ConfigureAwait(false))
        {
            line ??= new StringBuilder();
            int end = _rest.Span.IndexOf('\n');
            ReadOnlyMemory<char> part = end < 0 ? _rest : _rest[..end];
            line.Append(part.Span[..Math.Min(part.Length, mostCharacters - line.Length)]);
            _rest = end < 0 ? default : _rest[(end + 1)..];
            if (end >= 0)
            {
                break;
            }
        }

        return line?.ToString();
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_rest.IsEmpty)
        {
            _rest = _buffer.AsMemory(0, await reader.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false));
        }

        return !_rest.IsEmpty;
    }
}
