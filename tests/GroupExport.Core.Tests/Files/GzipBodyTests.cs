using GroupExport.Files;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Whether a gzip body is whole.</summary>
public sealed class GzipBodyTests
{
    private static readonly byte[] s_zipped = Answer.Zipped("{\"resourceType\":\"Patient\",\"id\":\"1\"}\n{\"resourceType\":\"Patient\",\"id\":\"2\"}\n");

    public static TheoryData<int> Cuts => [.. Enumerable.Range(1, s_zipped.Length - 1)];

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_body_cut_anywhere_is_not_whole(int length)
    {
        await Assert.ThrowsAsync<GzipFault>(() => ReadAsync(s_zipped[..length]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task A_whole_body_is_however_it_comes_in(int pieces)
    {
        Assert.Equal(72, await ReadAsync(s_zipped, pieces));
    }

    [Fact]
    public async Task An_empty_file_is_whole_zipped_or_not()
    {
        Assert.Equal(0, await ReadAsync(Answer.Zipped("")));
        Assert.Equal(0, await ReadAsync([]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Several_members_are_one_body_and_a_cut_inside_or_between_them_shows(int pieces)
    {
        byte[] three = [.. s_zipped, .. Answer.Zipped(""), .. s_zipped];

        Assert.Equal(144, await ReadAsync(three, pieces));
        foreach (int cut in Enumerable.Range(1, three.Length - 1).Except([s_zipped.Length, three.Length - s_zipped.Length]))
        {
            await Assert.ThrowsAsync<GzipFault>(() => ReadAsync(three[..cut], pieces));
        }
    }

    [Fact]
    public async Task What_follows_a_member_and_is_none_is_a_fault()
    {
        await Assert.ThrowsAsync<GzipFault>(() => ReadAsync([.. s_zipped, .. "<html>"u8]));
    }

    [Fact]
    public async Task A_wrong_checksum_is_a_fault()
    {
        byte[] damaged = [.. s_zipped];
        damaged[^8] ^= 1;

        await Assert.ThrowsAsync<GzipFault>(() => ReadAsync(damaged));
    }

    private static async Task<long> ReadAsync(byte[] encoded, int pieces = 8192)
    {
        using Piecemeal source = new(encoded, pieces);
        using GzipBody body = new(source);
        byte[] buffer = new byte[50];
        long total = 0;
        int read;
        while ((read = await body.ReadAsync(buffer)) > 0)
        {
            total += read;
        }

        return total;
    }

    /// <summary>Gives a few bytes at a time, as a network does.</summary>
    private sealed class Piecemeal(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(most, buffer.Length)], cancellationToken);
    }
}
