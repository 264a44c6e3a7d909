namespace GroupExport.Tests.Files;

/// <summary>Every small damage that a file can take: each bit flipped, each length cut, each line doubled, lost or swapped with the next.</summary>
internal static class Damage
{
    public static IEnumerable<(string What, byte[] Content)> Of(byte[] whole) => Flips(whole).Concat(Cuts(whole)).Concat(Lines(whole));

    public static IEnumerable<(string What, byte[] Content)> Flips(byte[] whole)
    {
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return ($"bit {bit % 8} of byte {bit / 8} flipped", damaged);
        }
    }

    public static IEnumerable<(string What, byte[] Content)> Cuts(byte[] whole)
    {
        for (int length = 0; length < whole.Length; length++)
        {
            yield return ($"cut to {length} bytes", whole[..length]);
        }
    }

    public static IEnumerable<(string What, byte[] Content)> Lines(byte[] whole)
    {
        List<byte[]> lines = Split(whole);
        for (int i = 0; i < lines.Count; i++)
        {
            yield return ($"line {i} doubled", Joined([.. lines[..i], lines[i], .. lines[i..]]));
            yield return ($"line {i} lost", Joined([.. lines[..i], .. lines[(i + 1)..]]));
            if (i + 1 < lines.Count)
            {
                yield return ($"line {i} swapped with the next", Joined([.. lines[..i], lines[i + 1], lines[i], .. lines[(i + 2)..]]));
            }
        }
    }

    private static List<byte[]> Split(byte[] whole)
    {
        List<byte[]> lines = [];
        for (int start = 0; start < whole.Length;)
        {
            int end = Array.IndexOf(whole, (byte)'\n', start);
            int next = end < 0 ? whole.Length : end + 1;
            lines.Add(whole[start..next]);
            start = next;
        }

        return lines;
    }

    private static byte[] Joined(IEnumerable<byte[]> lines) => [.. lines.SelectMany(line => line)];
}
