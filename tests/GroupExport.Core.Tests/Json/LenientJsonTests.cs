using System.Text;
using System.Text.Json;
using GroupExport.Json;

namespace GroupExport.Tests.Json;

/// <summary>JSON from outside.</summary>
public sealed class LenientJsonTests
{
    [Fact]
    public void A_byte_order_mark_is_skipped() => Assert.Equal("b", Text("\uFEFF{\"a\":\"b\"}"u8.ToArray()));

    [Fact]
    public void Bytes_that_are_not_UTF8_become_the_replacement_character() =>
        Assert.Equal("x\uFFFDy", Text([.. "{\"a\":\"x"u8, 0xE9, .. "y\"}"u8]));

    [Theory]
    [InlineData(@"\ud83d", "\uFFFD")]
    [InlineData(@"\ude00", "\uFFFD")]
    [InlineData(@"\uD83Dx", "\uFFFDx")]
    [InlineData(@"\ud83d\ud83d\ude00", "\uFFFD😀")]
    [InlineData(@"\ud83d\ude00", "😀")]
    [InlineData(@"\\ud83d", @"\ud83d")]
    [InlineData(@"\\\ud83d", "\\\uFFFD")]
    [InlineData(@"\ud7ff", "\uD7FF")]
    [InlineData(@"\ud83d\n\ude00", "\uFFFD\n\uFFFD")]
    public void Half_a_surrogate_pair_becomes_the_replacement_character(string escaped, string expected) =>
        Assert.Equal(expected, Text(Encoding.UTF8.GetBytes($"{{\"a\":\"{escaped}\"}}")));

    [Fact]
    public void A_name_with_half_a_surrogate_pair_hides_no_other_member() =>
        Assert.Equal("b", Text("""{"\ud800":1,"\ud800a":2,"a":"b"}"""u8.ToArray()));

    [Fact]
    public void What_is_nested_deeper_than_allowed_is_told_from_what_is_not_JSON()
    {
        byte[] deep = Encoding.UTF8.GetBytes(new string('[', 100_000));

        Assert.Null(LenientJson.TryParse(deep));
        Assert.True(LenientJson.IsTooDeep(deep));
        Assert.False(LenientJson.IsTooDeep("[[[}"u8));
        Assert.NotNull(LenientJson.TryParse(Encoding.UTF8.GetBytes(new string('[', LenientJson.MaxDepth) + new string(']', LenientJson.MaxDepth))));
    }

    [Theory]
    [InlineData("""{"a":["x",1,null,{}]}""", "x")]
    [InlineData("""{"a":"x"}""", "x")]
    [InlineData("""{"a":{}}""", "")]
    [InlineData("""[]""", "")]
    public void One_string_stands_for_an_array_of_one(string json, string expected)
    {
        using JsonDocument document = LenientJson.Parse(json);

        Assert.Equal(expected, string.Join(',', document.RootElement.Texts("a")));
    }

    [Theory]
    [InlineData("7", 7L)]
    [InlineData("\"7\"", 7L)]
    [InlineData("-1", null)]
    [InlineData("1.5", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("true", null)]
    public void A_count_is_whole_and_not_negative(string value, long? expected)
    {
        using JsonDocument document = LenientJson.Parse($$"""{"a":{{value}}}""");

        Assert.Equal(expected, document.RootElement.Count("a"));
    }

    private static string? Text(byte[] json)
    {
        using JsonDocument document = LenientJson.Parse(json);
        return document.RootElement.Text("a");
    }
}
