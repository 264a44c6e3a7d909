using GroupExport.Files;

namespace GroupExport.Tests.Files;

/// <summary>Lines of whatever length.</summary>
public sealed class BoundedLinesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\n", "")]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("a\r\n\nbc", "a\r", "", "bc")]
    [InlineData("12345678\n123456789\n1234567890123\n1", "12345678", "12345678", "12345678", "1")]
    public async Task Come_one_by_one_and_cut_off(string text, params string[] lines) => Assert.Equal(lines, await ReadAsync(text, 8));

    [Fact]
    public async Task Are_whole_across_the_blocks_they_are_read_in()
    {
        string[] lines = [.. Enumerable.Range(0, 50).Select(i => new string((char)('a' + (i % 26)), i * 700))];

        Assert.Equal(lines, await ReadAsync(string.Join('\n', lines), 100_000));
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(string text, int most)
    {
        BoundedLines lines = new(new StringReader(text), most);
        List<string> read = [];
        while (await lines.NextAsync(CancellationToken.None) is { } line)
        {
            read.Add(line);
        }

        return read;
    }
}
