using System.Text;
using GroupExport.Ndjson;

namespace GroupExport.Tests.Ndjson;

/// <summary>Lines that RFC 8259 allows and that it does not, by the chapters of the grammar.</summary>
public sealed class SyntaxTests
{
    private const string Start = """{"resourceType":"Patient","v":""";

    public static TheoryData<string> GoodValues =>
    [
        // numbers
        "0", "-0", "1", "-1", "10", "1234567890", "0.0", "0.5", "-0.5", "1.25", "1e1", "1E1", "1e+1", "1e-1", "0e0", "0e+1", "0E-1", "1.5e300", "-1.5E-300",
        "123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890", "0.000000000000000000000000000000000000000000000000000001",
        // literals
        "true", "false", "null", " true", "false ", "\tnull\t", "\r1\r",
        // strings
        "\"\"", "\"a\"", "\" \"", "\"'\"", "\"{[,:]}\"", "\"\u007f\"", "\"äöü\"", "\"€\"", "\"😀\"", "\"\u2028\u2029\"", "\"\uFFFF\"", "\"\u0080\"", "\"\u0800\"",
        // escapes
        """
        "\""
        """,
        """
        "\\"
        """,
        """
        "\\\\\\"
        """,
        """
        "\/\b\f\n\r\t"
        """,
        """
        "\u0000\u00e4\uD83D\uDE00\uABCD\uabcd"
        """,
        """
        "\uD800"
        """,
        """
        "\\u12"
        """,
        """
        "\\\"\\"
        """,
        // structure
        "[]", "{}", "[ ]", "{ }", "[1]", "[1,2]", "[ 1 , 2 ]", "[[],{},[[]]]", "{\"a\":1}", "{ \"a\" : 1 , \"b\" : [ ] }", "{\"\":0}", "{\"a\":1,\"a\":2}", "[\"a\",1,true,null,{\"a\":[]}]",
    ];

    public static TheoryData<string> BadValues =>
    [
        // numbers
        "00", "01", "-01", "-", "+1", ".5", "1.", "-.5", "1.e1", "1e", "1e+", "1E-", "1e1.5", "1ee1", "1.2.3", "--1", "1-", "1+1", "0x1", "0b1", "1_0", "1a", "NaN", "Infinity", "-Infinity", "1 2", "- 1", "1 e1", "１",
        // literals
        "tru", "True", "TRUE", "truee", "nul", "nulll", "fals", "undefined", "true false", "truefalse", "t", "a", "$", "~", "\u00a0 1", "\u2028 1", "1\u0001", "\u00011", "\u000b1", "\f1", "\0",
        // strings
        "\"a", "a\"", "'a'", "\"a\"b", "\"a\"\"b\"", "\"a\" \"b\"", "\"a\"1", "1\"a\"", "\"\t\"", "\"\r\"", "\"\u0000\"", "\"\u001f\"", "\"", "\"\"\"",
        // escapes
        """
        "\"
        """,
        """
        "\a"
        """,
        """
        "\x41"
        """,
        """
        "\'"
        """,
        """
        "\0"
        """,
        """
        "\ "
        """,
        """
        "\u"
        """,
        """
        "\u0"
        """,
        """
        "\u00"
        """,
        """
        "\u000"
        """,
        """
        "\u000g"
        """,
        """
        "\ug000"
        """,
        """
        "\U0041"
        """,
        """
        "\u-041"
        """,
        """
        "\\\"
        """,
        """
        "\é"
        """,
        """
        \"a"
        """,
        """
        1\"
        """,
        "\"\\\t\"",
        // structure
        "", " ", ",", ":", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,]", "[,1]", "[1,,2]", "[1 2]", "[1:2]", "[}", "{]", "[1}", "{\"a\":1]", "{\"a\"}", "{\"a\":}", "{\"a\",1}", "{:1}", "{1:1}", "{true:1}", "{[]:1}", "{{}:1}",
        "{\"a\":1,}", "{,}", "{,\"a\":1}", "{\"a\":1,,\"b\":2}", "{\"a\":1\"b\":2}", "{\"a\":1:2}", "{\"a\"::1}", "{\"a\" \"b\":1}", "{\"a\":1 2}", "[[]", "[]]", "{}}", "{\"a\":{}", "[\"a\":1]", "1,2", "1,\"a\"", "1:1", "{}{}", "[][]", "{a:1}", "{'a':1}",
        "/**/1", "1//", "1/**/", "#1", "[1]#", "<1>",
    ];

    /// <summary>Bytes between the quotation marks of a string, in hexadecimal.</summary>
    public static TheoryData<string> BadUtf8 =>
    [
        "80", "BF", "C0", "C1", "C080", "C1BF", "C2", "C241", "C2C2", "DF", "E0", "E080", "E08080", "E09FBF", "E0A0", "E0A041", "E1", "E180", "E18041", "E180C2", "EDA080", "EDAFBF", "EDBFBF", "EF", "EFBF", "F0", "F080", "F0808080", "F08FBFBF", "F090",
        "F09080", "F0908041", "F4908080", "F4BFBFBF", "F5808080", "F8888080", "FE", "FF", "C28080", "E2828080", "F09F98", "F09F9880BF", "ED9FBFBF", "F19F", "C3A4A4",
    ];

    public static TheoryData<string> GoodUtf8 =>
    [
        "C280", "DFBF", "E0A080", "E0BFBF", "E18080", "ECBFBF", "ED8080", "ED9FBF", "EE8080", "EFBFBF", "F0908080", "F0BFBFBF", "F1808080", "F3BFBFBF", "F4808080", "F48FBFBF", "C280E0A080F09080807F", "EFBBBF",
    ];

    [Theory]
    [MemberData(nameof(GoodValues))]
    public void What_JSON_allows_is_no_finding(string value) => AssertVerdict(Encoding.UTF8.GetBytes(Start + value + "}"), good: true);

    [Theory]
    [MemberData(nameof(BadValues))]
    public void What_JSON_does_not_allow_is_a_finding(string value) => AssertVerdict(Encoding.UTF8.GetBytes(Start + value + "}"), good: false);

    [Theory]
    [MemberData(nameof(GoodUtf8))]
    public void What_UTF_8_allows_is_no_finding(string hex) => AssertVerdict(InString(hex), good: true);

    [Theory]
    [MemberData(nameof(BadUtf8))]
    public void What_UTF_8_does_not_allow_is_a_finding(string hex)
    {
        AssertVerdict(InString(hex), good: false);
        Assert.Contains(LineFaults.Utf8, ScanResult.Full(InString(hex)).Findings, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", LineFaults.NoObject)]
    [InlineData("1", LineFaults.NoObject)]
    [InlineData("\"a\"", LineFaults.NoObject)]
    [InlineData("<html>", LineFaults.NoObject)]
    [InlineData("}", LineFaults.NoObject)]
    [InlineData("{}{}", LineFaults.GoesOn)]
    [InlineData("{},", LineFaults.GoesOn)]
    [InlineData("{} x", LineFaults.GoesOn)]
    [InlineData("{", LineFaults.BreaksOff)]
    [InlineData("{\"a\":", LineFaults.BreaksOff)]
    [InlineData("{\"a\":[1,", LineFaults.BreaksOff)]
    [InlineData("{\"a", LineFaults.BreaksOffInString)]
    [InlineData("{\"a\\", LineFaults.BreaksOffInString)]
    [InlineData("{\"a\\u00", LineFaults.BreaksOffInString)]
    [InlineData("{\"resourceType", LineFaults.BreaksOffInString)]
    [InlineData("{\"a\":]", LineFaults.Misplaced)]
    [InlineData("{\"a\":nil}", LineFaults.Scalar)]
    [InlineData("{\"a\":\"\\x\"}", LineFaults.Escape)]
    [InlineData("{\"a\":\"\t\"}", LineFaults.Control)]
    [InlineData("{\"a\":\u00011}", LineFaults.Control)]
    [InlineData("{}", LineFaults.NoType)]
    public void A_fault_is_named(string line, string what)
    {
        foreach (string text in (string[])[line, line + "\n", line + "\r\n"])
        {
            // A carriage return inside a string is a control character, and is met before the newline.
            string expected = what == LineFaults.BreaksOffInString && text.Contains('\r', StringComparison.Ordinal) ? Either(line) : what;
            ScanResult result = ScanResult.Full(Encoding.UTF8.GetBytes(text));

            Assert.Equal(new ScanResult(1, 0, 1, "1 " + expected), result);
        }

        static string Either(string line) => line.EndsWith('\\') || line.EndsWith("00", StringComparison.Ordinal) ? LineFaults.Escape : LineFaults.Control;
    }

    [Fact]
    public void Objects_and_arrays_nest_512_deep_and_no_deeper()
    {
        foreach (int more in (int[])[0, 1])
        {
            string mixed = string.Concat(Enumerable.Range(0, 511 + more).Select(i => i % 3 == 0 ? "{\"a\":" : "["));
            string closed = string.Concat(Enumerable.Range(0, 511 + more).Reverse().Select(i => i % 3 == 0 ? "}" : "]"));
            byte[] line = Encoding.UTF8.GetBytes(Start + mixed + "1" + closed + "}");

            AssertVerdict(line, good: more == 0);
            Assert.Equal(more == 0 ? "" : "1 is nested deeper than 512", ScanResult.Full(line).Findings);
        }
    }

    [Fact]
    public void Brackets_are_matched_at_every_depth()
    {
        for (int depth = 1; depth < 200; depth++)
        {
            string open = string.Concat(Enumerable.Range(0, depth).Select(i => i % 2 == 0 ? "[" : "{\"a\":"));
            string[] closed = [.. Enumerable.Range(0, depth).Reverse().Select(i => i % 2 == 0 ? "]" : "}")];
            Assert.Equal(0, ScanResult.Full(Encoding.UTF8.GetBytes(Start + open + "1" + string.Concat(closed) + "}")).FindingCount);

            int wrong = depth * 7 % depth / 2;
            closed[wrong] = closed[wrong] == "]" ? "}" : "]";
            Assert.Equal(1, ScanResult.Full(Encoding.UTF8.GetBytes(Start + open + "1" + string.Concat(closed) + "}")).FindingCount);
        }
    }

    private static byte[] InString(string hex) => [.. Encoding.UTF8.GetBytes(Start + "\""), .. Convert.FromHexString(hex), .. "\"}"u8];

    /// <summary>At every place within a block and under every chunk border, and with good lines around it that stay good.</summary>
    private static void AssertVerdict(byte[] line, bool good)
    {
        for (int shift = 0; shift < Block.Size; shift++)
        {
            // All ASCII, so that nothing but the fault itself makes the scan look for UTF-8.
            byte[] text = [.. Enumerable.Repeat((byte)' ', shift), .. line, .. "\n{\"resourceType\":\"Patient\",\"v\":\"\\\\\",\"w\":[1,{}]}"u8];
            ScanResult result = ScanResult.Full(text);

            Assert.Equal(2, result.Count);
            Assert.Equal(good ? 0 : 1, result.FindingCount);
            Assert.True(good || result.Findings.StartsWith("1 ", StringComparison.Ordinal), result.Findings);
        }

        byte[] neighbour = Encoding.UTF8.GetBytes(Start + "\"ä\\\\\",\"w\":[1,{}]}");
        byte[] both = [.. neighbour, (byte)'\n', .. line];
        ScanResult whole = ScanResult.Full(both);
        Assert.Equal(good ? 0 : 1, whole.FindingCount);
        for (int cut = 0; cut <= both.Length; cut++)
        {
            Assert.Equal(whole, ScanResult.Cut(new NdjsonScan("Patient", false, 1 << 20), both, [cut]));
        }

        Assert.Equal(whole, ScanResult.Full(both, chunk: 1));
    }
}
