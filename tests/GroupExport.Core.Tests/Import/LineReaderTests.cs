using System.Text;
using GroupExport.Import;

namespace GroupExport.Tests.Import;

/// <summary>Lines, however they come.</summary>
public sealed class LineReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Lines_come_whole_whatever_their_length_and_the_pieces_they_are_read_in(int seed)
    {
        Random random = new(seed);
        string[] lines = [.. Enumerable.Range(0, 300).Select(number => new string((char)('a' + (number % 26)), random.Next(20) == 0 ? random.Next(600_000) : random.Next(40)))];
        string text = string.Join('\n', lines);

        IReadOnlyList<(long Number, string Line)> read = await ReadAsync(new Pieces(Encoding.UTF8.GetBytes(text + "\n"), random));

        Assert.Equal(lines, read.Select(line => line.Line));
        Assert.Equal(Enumerable.Range(1, 300).Select(number => (long)number), read.Select(line => line.Number));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "1:a")]
    [InlineData("a\n", "1:a")]
    [InlineData("a\r\nb", "1:a 2:b")]
    [InlineData("\n\na", "1: 2: 3:a")]
    [InlineData("\ufeffa\n\ufeffb", "1:a 2:\ufeffb")]
    [InlineData("\ufeff", "")]
    [InlineData("a\rb", "1:a\rb")]
    public async Task Line_ends_byte_order_mark_and_blank_lines(string text, string expected)
    {
        IReadOnlyList<(long Number, string Line)> read = await ReadAsync(new Pieces(Encoding.UTF8.GetBytes(text), new Random(3)));

        Assert.Equal(expected, string.Join(' ', read.Select(line => $"{line.Number}:{line.Line}")));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("")]
    public async Task A_line_that_is_too_long_is_left_out_and_the_next_comes(string end)
    {
        string endless = new('x', 3_000_000);
        byte[] bytes = Encoding.UTF8.GetBytes($"a\n{endless}\nb\n{endless}{end}");

        IReadOnlyList<(long Number, string Line)> read = await ReadAsync(new Pieces(bytes, new Random(4)), most: 1_000_000);

        Assert.Equal(["1:a", "2:too long", "3:b", "4:too long"], read.Select(line => $"{line.Number}:{line.Line}"));
    }

    [Fact]
    public async Task A_fault_comes_after_the_lines_before_it()
    {
        using LineReader reader = new(new Pieces("a\nb\nc"u8.ToArray(), new Random(5)) { Fault = new IOException("cut") });
        List<string> read = [];
        IOException fault = await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (await reader.ReadAsync(CancellationToken.None))
            {
                Take(reader, read);
            }
        });

        Assert.Equal("cut", fault.Message);
        Assert.Equal(["a", "b"], read);
    }

    private static async Task<IReadOnlyList<(long Number, string Line)>> ReadAsync(Stream stream, int most = LineReader.MostLineBytes)
    {
        using LineReader reader = new(stream, most);
        List<(long, string)> read = [];
        while (await reader.ReadAsync(CancellationToken.None))
        {
            while (reader.TryNext(out ReadOnlySpan<byte> line))
            {
                read.Add((reader.Number, reader.WasTooLong ? "too long" : Encoding.UTF8.GetString(line)));
            }
        }

        return read;
    }

    private static void Take(LineReader reader, List<string> into)
    {
        while (reader.TryNext(out ReadOnlySpan<byte> line))
        {
            into.Add(Encoding.UTF8.GetString(line));
        }
    }

    /// <summary>A stream that gives pieces of any size.</summary>
    private sealed class Pieces(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public IOException? Fault { get; init; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Fault is not null && Position == Length)
            {
                throw Fault;
            }

            return await base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, 200_000))], cancellationToken);
        }
    }
}
