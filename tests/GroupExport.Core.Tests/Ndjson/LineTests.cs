using System.Text;
using GroupExport.Ndjson;

namespace GroupExport.Tests.Ndjson;

/// <summary>Lines, their numbers and their types.</summary>
public sealed class LineTests
{
    private const string Good = """{"resourceType":"Patient"}""";
    private const string Bad = """{"resourceType":"Patient",}""";

    [Theory]
    [InlineData("", 0)]
    [InlineData("\n", 0)]
    [InlineData("\uFEFF", 0)]
    [InlineData("\uFEFF\r\n", 0)]
    [InlineData(" \t\r\n\r\n \n", 0)]
    [InlineData(Good, 1)]
    [InlineData(Good + "\n", 1)]
    [InlineData(Good + "\r\n", 1)]
    [InlineData(Good + " \t\r\n" + "\t " + Good, 2)]
    [InlineData("\n\n" + Good + "\n\n\n" + Good + "\n\n", 2)]
    [InlineData("\uFEFF" + Good + "\n" + Good, 2)]
    [InlineData("\uFEFF" + Good + "\n" + Good + "\n" + Good + "\n" + Good, 4)]
    [InlineData("\uFEFF\n" + Good + "\r\n" + Good + "\r", 2)]
    public void Blank_lines_carriage_returns_a_mark_and_the_last_newline_do_not_matter(string text, int count)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int chunk = 1; chunk <= bytes.Length + 1; chunk++)
        {
            Assert.Equal(new ScanResult(count, 0, 0, ""), ScanResult.Full(bytes, chunk));
            Assert.Equal(new ScanResult(count, 0, 0, ""), ScanResult.Counted(bytes, chunk));
        }
    }

    [Theory]
    [InlineData("\n\uFEFF" + Good, 2, LineFaults.NoObject)]
    [InlineData("\uFEFF\uFEFF" + Good, 1, LineFaults.NoObject)]
    [InlineData(" \uFEFF" + Good, 1, LineFaults.NoObject)]
    public void A_byte_order_mark_belongs_to_the_start_alone(string text, int line, string what)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        foreach (int chunk in (int[])[1, 2, 3, 1000])
        {
            Assert.Equal($"{line} {what}", ScanResult.Full(bytes, chunk).Findings);
            Assert.Equal($"{line} {what}", ScanResult.Counted(bytes, chunk).Findings);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_byte_order_mark_in_part_is_a_fault(int length)
    {
        byte[] mark = Encoding.UTF8.Preamble[..length].ToArray();
        byte[] line = [.. mark, .. Encoding.UTF8.GetBytes(Good)];
        foreach (byte[] text in (byte[][])[mark, line])
        {
            Assert.Equal(1, ScanResult.Full(text).FindingCount);
            Assert.Equal(1, ScanResult.Counted(text, 1).FindingCount);
        }
    }

    [Fact]
    public void A_finding_has_the_number_of_its_line_in_the_file()
    {
        byte[] text = Encoding.UTF8.GetBytes($"{Good}\n\n{Bad}\r\n \n{Good}\n[\n{{\"a\":\"b\n{Good}\n{{\"resourceType\":1}}\n{{\"a\":\"");

        ScanResult result = ScanResult.Full(text);

        string findings = $"3 {LineFaults.Misplaced}; 6 {LineFaults.NoObject}; 7 {LineFaults.BreaksOffInString}; 9 {LineFaults.TypeIsNoString}; 10 {LineFaults.BreaksOffInString}";
        Assert.Equal(new ScanResult(8, 0, 5, findings), result);
        Assert.Equal(result, ScanResult.Full(text, chunk: 1));
    }

    [Fact]
    public void Only_the_first_five_findings_are_kept_but_all_are_counted()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Bad + "\n" + Good + "\n", 100)));

        ScanResult result = ScanResult.Full(text);

        Assert.Equal((200, 100), (result.Count, result.FindingCount));
        Assert.Equal("1,3,5,7,9", string.Join(',', result.Findings.Split("; ").Select(finding => finding.Split(' ')[0])));
    }

    [Theory]
    [InlineData(Good, "")]
    [InlineData("""{"a":1,"b":{"resourceType":"Observation"},"resourceType":"Patient"}""", "")]
    [InlineData("""{"a":[{"resourceType":"Observation"}],"resourceType" : "Patient","c":{}}""", "")]
    [InlineData("""{"resourceType":"Patient","resourceType":"Observation"}""", "")]
    [InlineData("""{"resourceType":"Patient","contained":[{"resourceType":"Observation"}]}""", "")]
    [InlineData("""{"resource\u0054ype":"Patient"}""", "")]
    [InlineData("""{"\u0072\u0065\u0073\u006f\u0075\u0072\u0063\u0065\u0054\u0079\u0070\u0065":"\u0050\u0061\u0074\u0069\u0065\u006E\u0074"}""", "")]
    [InlineData("""{"\n":1,"\"":2,"resourceType":"Patient"}""", "")]
    [InlineData("""{"resourceType":"Observation"}""", "1 has the resourceType Observation where the manifest says Patient")]
    [InlineData("""{"resourceType":"Obs\u0065rvation"}""", "1 has the resourceType Observation where the manifest says Patient")]
    [InlineData("""{"a":{},"resourceType":"patient"}""", "1 has the resourceType patient where the manifest says Patient")]
    [InlineData("""{"resourceType":"Patient "}""", "1 has another resourceType where the manifest says Patient")]
    [InlineData("""{"resourceType":"Mary Miller"}""", "1 has another resourceType where the manifest says Patient")]
    [InlineData("""{"resourceType":"\/\u00e4"}""", "1 has another resourceType where the manifest says Patient")]
    [InlineData("""{"resourceType":"Pätient"}""", "1 has another resourceType where the manifest says Patient")]
    [InlineData("""{"resourceType":""}""", "1 has another resourceType where the manifest says Patient")]
    [InlineData("""{"resourceType":"Patientx"}""", "1 has the resourceType Patientx where the manifest says Patient")]
    [InlineData("""{"resourceType":"Observation","resourceType":"Patient"}""", "1 has the resourceType Observation where the manifest says Patient")]
    [InlineData("""{"resourceType":null}""", "1 has a resourceType that is no string")]
    [InlineData("""{"resourceType":{"resourceType":"Patient"}}""", "1 has a resourceType that is no string")]
    [InlineData("""{"resourceType":["Patient"]}""", "1 has a resourceType that is no string")]
    [InlineData("""{"a":{"resourceType":"Patient"}}""", "1 has no resourceType")]
    [InlineData("""{"a":"resourceType","b":"Patient"}""", "1 has no resourceType")]
    [InlineData("""{"ResourceType":"Patient","resourceTyp":"Patient","resourceTypes":"Patient","resourceType ":"Patient"}""", "1 has no resourceType")]
    [InlineData("""{"resource\\Type":"Patient","resource\"Type":"Patient"}""", "1 has no resourceType")]
    public void The_type_of_the_outermost_object_is_checked(string line, string findings)
    {
        for (int shift = 0; shift < Block.Size; shift++)
        {
            byte[] text = Encoding.UTF8.GetBytes(new string(' ', shift) + line + "\n" + Good);
            ScanResult expected = new(2, 0, findings.Length == 0 ? 0 : 1, findings);

            Assert.Equal(expected, ScanResult.Full(text));
            Assert.Equal(expected, ScanResult.Full(text, chunk: 1));
        }
    }

    [Theory]
    [InlineData(64, "has the resourceType {0} where the manifest says Patient")]
    [InlineData(65, "has another resourceType where the manifest says Patient")]
    [InlineData(5000, "has another resourceType where the manifest says Patient")]
    public void A_long_type_is_not_shown(int length, string what)
    {
        string type = new('x', length);
        string line = $$"""{"{{new string('k', length)}}":0,"resourceType":"{{type}}"}""";

        Assert.Equal("1 " + what.Replace("{0}", type, StringComparison.Ordinal), ScanResult.Full(Encoding.UTF8.GetBytes(line)).Findings);
    }

    [Fact]
    public void Any_type_will_do_when_none_is_expected()
    {
        byte[] text = Encoding.UTF8.GetBytes(Good + "\n{\"resourceType\":\"Mary Miller\"}\n{}");

        Assert.Equal(new ScanResult(3, 0, 1, "3 " + LineFaults.NoType), ScanResult.Full(text, type: null));
    }

    [Fact]
    public void Headers_are_counted_apart_where_there_are_headers()
    {
        byte[] text = Encoding.UTF8.GetBytes("{\"resourceType\":\"Parameters\"}\n" + Good + "\n{\"a\":[],\"resourceType\":\"Par\\u0061meters\"}\n{\"resourceType\":\"Parameters\",}\n" + Good);

        Assert.Equal(new ScanResult(2, 3, 1, "4 " + LineFaults.Misplaced), ScanResult.Full(text, type: null, headers: true));
        Assert.Equal(new ScanResult(2, 3, 1, "4 " + LineFaults.Misplaced), ScanResult.Full(text, headers: true));
        Assert.Equal(new ScanResult(5, 0, 1, "4 " + LineFaults.Misplaced), ScanResult.Full(text, type: null));
    }

    [Fact]
    public void What_follows_a_header_is_none_by_that()
    {
        byte[] text = Encoding.UTF8.GetBytes("{\"resourceType\":\"Parameters\"}\n\n{}\n");

        Assert.Equal(new ScanResult(1, 1, 1, "3 " + LineFaults.NoType), ScanResult.Full(text, type: null, headers: true));
    }

    [Fact]
    public void A_line_may_be_as_long_as_the_limit()
    {
        foreach (int length in (int[])[63, 64, 65, 127, 128, 129, 1000])
        {
            byte[] text = Encoding.UTF8.GetBytes("\n" + Line(length) + "\n" + Line(length + 1) + "\n" + Line(length));
            ScanResult expected = new(3, 0, 1, $"3 is longer than {length} bytes");
            foreach (int chunk in (int[])[1, 7, 64, 5000])
            {
                Assert.Equal(expected, ScanResult.Full(text, chunk, max: length));
                Assert.Equal(expected, ScanResult.Counted(text, chunk, max: length));
            }

            Assert.Equal($"1 is longer than {length} bytes", ScanResult.Full(Encoding.UTF8.GetBytes(Line(length + 1)), max: length).Findings);
        }

        static string Line(int length) => "{\"resourceType\":\"Patient\",\"a\":\"" + new string('x', length - 33) + "\"}";
    }

    [Fact]
    public void A_long_line_has_one_finding_and_the_limit_is_told_in_mebibytes()
    {
        byte[] text = Encoding.UTF8.GetBytes("{\"a\":\"" + new string('x', (2 << 20) + 100) + "\u0001\"]\n" + Good);

        Assert.Equal(new ScanResult(2, 0, 1, "1 is longer than 2 MiB"), ScanResult.Full(text, max: 2 << 20));
        Assert.Equal(new ScanResult(2, 0, 1, "1 is longer than 2 MiB"), ScanResult.Counted(text, max: 2 << 20));
    }

    [Fact]
    public void A_long_line_of_another_type_has_one_finding()
    {
        byte[] text = Encoding.UTF8.GetBytes("{\"resourceType\":\"" + new string('x', 80) + "\"}\n" + Good);

        Assert.Equal(new ScanResult(2, 0, 1, "1 is longer than 60 bytes"), ScanResult.Full(text, max: 60));
    }

    [Fact]
    public void A_blank_line_may_be_of_any_length()
    {
        byte[] text = Encoding.UTF8.GetBytes(new string(' ', 300) + "\n" + Good);

        Assert.Equal(new ScanResult(1, 0, 0, ""), ScanResult.Full(text, max: 60));
        Assert.Equal(new ScanResult(1, 0, 0, ""), ScanResult.Counted(text, max: 60));
    }

    [Theory]
    [InlineData("{\"resourceType\":\"Pat")]
    [InlineData("{\"resourceType")]
    public void A_type_that_breaks_off_does_not_reach_into_the_next_line(string line)
    {
        byte[] text = Encoding.UTF8.GetBytes(line + "\n" + Good);

        Assert.Equal(new ScanResult(2, 0, 1, "1 " + LineFaults.BreaksOffInString), ScanResult.Full(text));
    }

    [Theory]
    [InlineData("{}\n[]\nx{}\n{}", "2 is no JSON object; 3 is no JSON object")]
    [InlineData("{}\n\n{\"a\":", "3 breaks off before its JSON object is closed")]
    [InlineData("{}\n{ \n\n", "2 breaks off before its JSON object is closed")]
    [InlineData("{}\n[", "2 is no JSON object")]
    public void Counting_looks_at_the_ends_of_lines_alone(string text, string findings)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int chunk = 1; chunk <= bytes.Length; chunk++)
        {
            Assert.Equal(findings, ScanResult.Counted(bytes, chunk).Findings);
        }
    }

    [Fact]
    public void Nothing_is_allocated_for_the_bytes_that_go_by()
    {
        byte[] line = Encoding.UTF8.GetBytes("{\"a\":[1.5,true,\"\\u00e4ö\"],\"resourceType\":\"Pa\\u0074ient\"}\n{\"resourceType\":\"Observation\"}\n{\"a\":\"" + new string('x', 50_000) + "\n");
        ILineScan[] scans = [new NdjsonScan("Patient", true, 1 << 16), new NdjsonScan("Patient", false, 1000), new LineCount(1000)];
        foreach (ILineScan scan in scans)
        {
            scan.Add(line);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int bytes = 0; bytes < 10_000_000; bytes += line.Length)
            {
                scan.Add(line);
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
        }
    }
}
