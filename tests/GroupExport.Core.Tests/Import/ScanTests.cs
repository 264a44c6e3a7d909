using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using GroupExport.Import;

namespace GroupExport.Tests.Import;

/// <summary>What is found in a line, against the runtime's own documents.</summary>
public sealed class ScanTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_value_is_found_and_read_as_it_stands(int seed)
    {
        Random random = new(seed);
        ResourceScan scan = new(forObject: true);
        for (int i = 0; i < 1000; i++)
        {
            byte[] line = Encoding.UTF8.GetBytes(RandomJson.Resource(random));
            using JsonDocument document = JsonDocument.Parse(line);

            Assert.Null(scan.Read(line));

            Assert.Null(scan.ObjectFault);
            Assert.Equal("Patient", scan.Type);
            AssertSame(document.RootElement, line, scan.Members);
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void A_line_is_judged_as_by_the_reader_of_the_runtime(int seed)
    {
        Random random = new(seed);
        ResourceScan scan = new(forObject: true);
        int good = 0;
        for (int i = 0; i < 4000; i++)
        {
            byte[] line = RandomJson.Damaged(random, RandomJson.Resource(random));
            bool expected = IsResource(line);
            good += expected ? 1 : 0;

            string? fault = scan.Read(line);

            Assert.True(fault is null == expected, $"{fault}: {Encoding.UTF8.GetString(line)}");
        }

        Assert.InRange(good, 100, 3900);
    }

    [Theory]
    [InlineData("[1]", "is no JSON object")]
    [InlineData("{\"resourceType\":\"Patient\",\"id\":\"secret", "breaks off inside a string")]
    [InlineData("{\"resourceType\":\"Patient\"", "breaks off before its JSON object is closed")]
    [InlineData("{\"resourceType\":\"Patient\"}{}", "goes on after its JSON object")]
    [InlineData("{\"id\":\"secret\"}", "has no resourceType")]
    [InlineData("{\"resourceType\":1}", "has a resourceType that is no string")]
    public void The_words_for_a_broken_line_are_those_of_the_check_of_files(string line, string words) =>
        Assert.Equal(words, new ResourceScan(forObject: false).Read(Encoding.UTF8.GetBytes(line)));

    [Theory]
    [InlineData("{\"resourceType\":\"Patient\",\"a\":1,\"A\":2}", "differ only in case")]
    [InlineData("{\"resourceType\":\"Patient\",\"a\":[[{\"b\":1,\"c\":{\"b\":1},\"B\":2}]]}", "differ only in case")]
    [InlineData("{\"resourceType\":\"Patient\",\"a\":{\"\\u00e4\":1,\"Ä\":2}}", "differ only in case")]
    [InlineData("{\"a\":{\"A\":1},\"resourceType\":\"Patient\",\"A\":1}", "differ only in case")]
    [InlineData("{\"resourceType\":\"Patient\",\"\":1}", "without a name")]
    [InlineData("{\"resourceType\":\"Patient\",\"a\":[{\"b\":{\"\":1}}]}", "without a name")]
    public void What_no_object_can_be_is_a_resource_all_the_same(string line, string words)
    {
        ResourceScan scan = new(forObject: true);

        Assert.Null(scan.Read(Encoding.UTF8.GetBytes(line)));

        Assert.Contains(words, scan.ObjectFault, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_one_name_the_last_value_counts_in_the_place_of_the_first()
    {
        byte[] line = "{\"a\":1,\"resourceType\":\"Patient\",\"b\":2,\"a\":3}"u8.ToArray();
        ResourceScan scan = new(forObject: true);

        Assert.Null(scan.Read(line));

        Assert.Equal(["a", "resourceType", "b"], scan.Members.Select(member => member.Name));
        Assert.Equal("3", Encoding.UTF8.GetString(scan.ValueOf("a", line)));
    }

    [Fact]
    public void More_names_than_are_kept_change_nothing()
    {
        ResourceScan scan = new(forObject: true);
        for (int i = 0; i < 3; i++)
        {
            string[] names = [.. Enumerable.Range(0, 20_000).Select(number => $"name{i}-{number}")];
            byte[] line = Encoding.UTF8.GetBytes($"{{\"resourceType\":\"Patient\",{string.Join(',', names.Select(name => $"\"{name}\":\"{name}\""))}}}");

            Assert.Null(scan.Read(line));

            Assert.Equal(names.Prepend("resourceType"), scan.Members.Select(member => member.Name));
        }
    }

    [Theory]
    [InlineData("1", 1L)]
    [InlineData("-0", 0L)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("1e40", 1e40)]
    [InlineData("1e-40", 1e-40)]
    [InlineData("1.5e-30", 1.5e-30)]
    [InlineData("99999999999999999999.123456789", 99999999999999999999.123456789)]
    public void A_number_is_long_where_it_is_whole_and_double_only_where_a_decimal_would_lose_of_it(string json, object expected) =>
        Assert.Equal(expected, JsonNumber.Read(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("1.50")]
    [InlineData("-0.10")]
    [InlineData("3.141592653589793238462643383")]
    [InlineData("100.000000")]
    [InlineData("0.0000000000000000000000000001")]
    public void A_decimal_keeps_its_digits(string json) =>
        Assert.Equal(json, Assert.IsType<decimal>(JsonNumber.Read(Encoding.UTF8.GetBytes(json))).ToString(CultureInfo.InvariantCulture));

    [Fact]
    public void Half_a_surrogate_pair_stays_one() =>
        Assert.Equal("a\ud83db", JsonText.Unescape("a\\ud83db"u8));

    private static void AssertSame(JsonElement expected, byte[] line, IReadOnlyList<JsonMember> members)
    {
        Assert.Equal(expected.EnumerateObject().Select(property => property.Name), members.Select(member => member.Name));
        foreach ((JsonProperty property, JsonMember member) in expected.EnumerateObject().Zip(members))
        {
            AssertSame(property.Value, line, member.Start, member.End);
        }
    }

    private static void AssertSame(JsonElement expected, byte[] line, int start, int end)
    {
        ReadOnlySpan<byte> json = line.AsSpan(start, end - start);
        Assert.Equal(expected.GetRawText(), Encoding.UTF8.GetString(json));
        switch (expected.ValueKind)
        {
            case JsonValueKind.String:
                Assert.Equal(expected.GetString(), JsonText.Unescape(json[1..^1]));
                break;
            case JsonValueKind.Number:
                Assert.Equal(expected.GetDouble(), double.Parse(Convert.ToString(JsonNumber.Read(json), CultureInfo.InvariantCulture)!, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static bool IsResource(byte[] line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return Utf8.IsValid(line) && document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("resourceType", out JsonElement type) && type.ValueKind == JsonValueKind.String;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
