using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using GroupExport.Ndjson;

namespace GroupExport.Tests.Ndjson;

/// <summary>Random resources, whole and damaged, against the runtime's own reader.</summary>
public sealed class FuzzTests
{
    private static readonly string[] s_names = ["id", "meta", "näme", "value\\u0041", "", "resource", "resourceTypes", "a\\\"b", "extension", "x"];
    private static readonly string[] s_pieces = ["a", "Smith", " ", "é", "€", "😀", "\\n", "\\\\", "\\\"", "\\u00e4", "\\uD83D\\uDE00", "{", "}", "[", ":", ",", "0123456789012345678901234567890123456789"];
    private static readonly string[] s_scalars = ["0", "-1", "1.5", "1e9", "12345678901234567890", "-0.25E-3", "true", "false", "null"];
    private static readonly string[] s_snippets = ["\"", "\\", "{", "}", "[", "]", ",", ":", "0", "-", ".", "e", "\\u", "\\u00", "t", "null", "\t", "\r", "\u0001", " ", "\u0080", "resourceType", "\"resourceType\":1,", "\\\"", "/"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_line_is_judged_as_by_the_reader_of_the_runtime(int seed)
    {
        Random random = new(seed);
        int good = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] line = Resource(random);
            for (int damages = random.Next(4); damages > 0; damages--)
            {
                line = Damaged(random, line);
            }

            bool expected = IsGood(line);
            good += expected ? 1 : 0;
            Assert.True(Verdict(random, line) == expected, $"expected {expected}: {Convert.ToHexString(line)} {Encoding.UTF8.GetString(line)}");
        }

        Assert.InRange(good, 500, 2500);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Faults_stay_in_their_lines(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 500; i++)
        {
            List<byte> text = [];
            long count = 0;
            long findings = 0;
            string first = "";
            for (int number = 1; number <= 20; number++)
            {
                byte[] line = random.Next(3) switch { 0 => Resource(random), 1 => Damaged(random, Resource(random)), _ => "{\"resourceType\":\"Patient\"}"u8.ToArray() };
                count += IsBlank(line) ? 0 : 1;
                if (!IsGood(line))
                {
                    findings++;
                    first += findings <= 5 ? $"{number} " : "";
                }

                text.AddRange([.. line, .. random.Next(2) == 0 ? "\n"u8 : "\r\n"u8]);
            }

            byte[] bytes = [.. text];
            ScanResult whole = ScanResult.Full(bytes);

            Assert.Equal((count, findings), (whole.Count, whole.FindingCount));
            Assert.Equal(first, string.Concat(whole.Findings.Split("; ").Select(finding => finding.Split(' ')[0] + " ")).TrimStart(' '));
            Assert.Equal(whole, Chunked(random, bytes));
            Assert.Equal(whole, ScanResult.Full(bytes, chunk: 1));
        }
    }

    [Fact]
    public void Noise_is_judged_the_same_however_it_is_cut()
    {
        Random random = new(21);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(80)).Select(_ => Pick(random, random.Next(9) == 0 ? ["\n"] : s_snippets))));
            ScanResult whole = ScanResult.Full(bytes);
            List<byte[]> lines = Lines(bytes);

            Assert.Equal(lines.Count(line => !IsBlank(line)), whole.Count);
            Assert.Equal(lines.Count(line => !IsGood(line)), whole.FindingCount);
            Assert.Equal(whole, Chunked(random, bytes));
        }
    }

    private static List<byte[]> Lines(byte[] bytes) => [.. Encoding.Latin1.GetString(bytes).Split('\n').Select(Encoding.Latin1.GetBytes)];

    /// <summary>The same under every chunking, or the test fails.</summary>
    private static bool Verdict(Random random, byte[] line)
    {
        byte[] text = random.Next(2) == 0 ? line : [.. Enumerable.Repeat((byte)' ', random.Next(70)), .. line, (byte)'\n'];
        ScanResult whole = ScanResult.Full(text);
        Assert.Equal(whole, ScanResult.Full(text, chunk: 1));
        Assert.Equal(whole, Chunked(random, text));
        if (text.Length < 200)
        {
            for (int cut = 0; cut <= text.Length; cut++)
            {
                Assert.Equal(whole, ScanResult.Cut(new NdjsonScan("Patient", false, 1 << 20), text, [cut]));
            }
        }

        return whole.FindingCount == 0;
    }

    private static ScanResult Chunked(Random random, byte[] text) =>
        ScanResult.Cut(new NdjsonScan("Patient", false, 1 << 20), text, Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(text.Length + 1)).Order());

    /// <summary>The reader checks the encoding of nothing but what is asked of it, and takes any value, with newlines: what is left to do here.</summary>
    private static bool IsGood(byte[] line)
    {
        if (IsBlank(line) || !Utf8.IsValid(line))
        {
            return IsBlank(line);
        }

        Utf8JsonReader reader = new(line, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Disallow, AllowTrailingCommas = false, MaxDepth = 512 });
        bool? type = null;
        try
        {
            for (int tokens = 0; reader.Read(); tokens++)
            {
                if (tokens == 0 && reader.TokenType != JsonTokenType.StartObject)
                {
                    return false;
                }

                if (type is null && reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("resourceType"u8))
                {
                    reader.Read();
                    type = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("Patient"u8);
                }
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return type == true;
    }

    private static bool IsBlank(byte[] line) => !line.AsSpan().ContainsAnyExcept(" \t\r"u8);

    private static byte[] Resource(Random random)
    {
        StringBuilder text = new();
        Write(random, text, depth: 0);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(Random random, StringBuilder text, int depth)
    {
        int kind = depth == 0 ? 0 : random.Next(depth > 6 ? 2 : 0, 6);
        int count = random.Next(depth == 0 ? 8 : 4);
        switch (kind)
        {
            case 0:
                List<int> names = [.. Enumerable.Range(0, count)];
                if (depth == 0)
                {
                    names.Insert(random.Next(count + 1), -1);
                }

                Enclose("{", "}", names, name =>
                {
                    if (name < 0)
                    {
                        text.Append(random.Next(9) == 0 ? "\"resourc\\u0065Type\"" : "\"resourceType\"").Append(Space()).Append(':').Append(Space());
                        text.Append(random.Next(9) == 0 ? "\"Pati\\u0065nt\"" : "\"Patient\"");
                        return;
                    }

                    text.Append('"').Append(Pick(random, s_names)).Append('"').Append(Space()).Append(':').Append(Space());
                    Write(random, text, depth + 1);
                });
                break;
            case 1:
                Enclose("[", "]", [.. Enumerable.Range(0, count)], _ => Write(random, text, depth + 1));
                break;
            case 2:
                text.Append(Pick(random, s_scalars));
                break;
            default:
                text.Append('"').AppendJoin("", Enumerable.Range(0, random.Next(6)).Select(_ => Pick(random, s_pieces))).Append('"');
                break;
        }

        string Space() => random.Next(6) == 0 ? Pick(random, [" ", "\t", "\r", "  "]) : "";

        void Enclose(string open, string close, List<int> items, Action<int> write)
        {
            text.Append(open).Append(Space());
            for (int i = 0; i < items.Count; i++)
            {
                text.Append(i > 0 ? "," : "").Append(Space());
                write(items[i]);
                text.Append(Space());
            }

            text.Append(close);
        }
    }

    /// <summary>Never with a newline, which would make two lines of one.</summary>
    private static byte[] Damaged(Random random, byte[] line)
    {
        if (line.Length == 0)
        {
            return line;
        }

        int at = random.Next(line.Length);
        int other = random.Next(line.Length);
        byte[] damaged = [.. line];
        switch (random.Next(6))
        {
            case 0:
                damaged[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                damaged[at] = (byte)random.Next(256);
                break;
            case 2:
                damaged = [.. line[..at], .. line[(at + 1)..]];
                break;
            case 3:
                damaged = [.. line[..at], .. Encoding.UTF8.GetBytes(Pick(random, s_snippets)), .. line[at..]];
                break;
            case 4:
                damaged = line[..at];
                break;
            default:
                (damaged[at], damaged[other]) = (damaged[other], damaged[at]);
                break;
        }

        return damaged.AsSpan().Contains((byte)'\n') ? line : damaged;
    }

    private static string Pick(Random random, string[] among) => among[random.Next(among.Length)];
}
