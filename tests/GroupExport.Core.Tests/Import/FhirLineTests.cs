using System.Globalization;
using System.Numerics;
using System.Text;
using GroupExport.Import;

namespace GroupExport.Tests.Import;

/// <summary>Lines as resources of the FHIR library: nothing is changed without a word, and one bad line costs no other.</summary>
public sealed class FhirLineTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("-0.0")]
    [InlineData("1.50")]
    [InlineData("-1.500000")]
    [InlineData("1E2")]
    [InlineData("1.10E1")]
    [InlineData("0.1e-5")]
    [InlineData("1E-28")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("7.9228162514264337593543950335")]
    [InlineData("0.1234567890123456789012345678")]
    public void A_number_that_a_decimal_holds_is_the_same_in_the_resource(string number)
    {
        object resource = Assert.Single(Read(Observation(number)));

        string after = Value(resource);
        Assert.Equal(Exact(number), Exact(after));
        Assert.True(Places(after) >= Places(number));
    }

    [Theory]
    [InlineData("1E-245")]
    [InlineData("1.000000000000000000E-245")]
    [InlineData("12345678901234567890.12345678901234567890")]
    [InlineData("0.12345678901234567890123456789")]
    [InlineData("1.500000000000000000000000000000")]
    [InlineData("79228162514264337593543950336")]
    [InlineData("1e400")]
    [InlineData("-1E999999999999999999")]
    public void A_number_that_a_decimal_cannot_hold_is_an_error_with_its_place_and_literal(string number)
    {
        BrokenLine broken = Assert.IsType<BrokenLine>(Assert.Single(Read(Observation(number))));

        Assert.Equal($"has the number {number} at valueQuantity.value, which the FHIR library would change; read the line with -As Json", broken.What);
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"b","":"secret"}""", " at ?")]
    [InlineData("""{"resourceType":"Patient","name":[{"family":"a"},{"":"secret"}]}""", " at name[1].?")]
    [InlineData("""{"resourceType":"Patient","contained":"secret"}""", " at contained")]
    [InlineData("""{"resourceType":"Patient","contained":["secret"]}""", " at contained[0]")]
    [InlineData("""{"resourceType":"Patient","name":[["secret"]]}""", " at name[0]")]
    [InlineData("""{"resourceType":"Patient","name":[{"family":"secret","family":"b"}]}""", " at Patient.name[0]")]
    [InlineData("""{"resourceType":"Patient","name":[{"family":"secret\ud83d"}]}""", " at name[0].family")]
    [InlineData("""{"resourceType":"Observation","secret 1":{"value":1E-245}}""", " at ?.value,")]
    public void A_line_that_the_library_cannot_hold_is_one_error_with_its_member_and_the_rest_comes(string line, string member)
    {
        const string Good = """{"resourceType":"Patient","id":"a"}""";

        List<object> read = Read(Good, line, Good);

        BrokenLine broken = Assert.IsType<BrokenLine>(read[1]);
        Assert.Equal((2L, 3), (broken.Number, read.Count));
        Assert.Contains(member, broken.What);
        Assert.DoesNotContain("secret", broken.What);
        Assert.Equal(["Patient", "Patient"], new[] { read[0], read[2] }.Select(resource => resource.GetType().Name));
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Whatever_a_line_is_it_gives_a_resource_or_an_error(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 2000; i++)
        {
            string resource = RandomJson.Resource(random);
            byte[] line = i % 2 == 0 ? Encoding.UTF8.GetBytes(resource) : RandomJson.Damaged(random, resource);

            Assert.Single(Read(line));
        }
    }

    private static string Observation(string number) =>
        $$$"""{"resourceType":"Observation","id":"x","status":"final","code":{"text":"t"},"valueQuantity":{"value":{{{number}}}}}""";

    private static List<object> Read(params string[] lines)
    {
        List<object> read = [];
        LineForm form = LineForm.Of(ImportForm.Fhir, ImportKind.Output, new HashSet<string>());
        for (int i = 0; i < lines.Length; i++)
        {
            form.Read(Encoding.UTF8.GetBytes(lines[i]), i + 1, read);
        }

        return read;
    }

    private static List<object> Read(byte[] line)
    {
        List<object> read = [];
        LineForm.Of(ImportForm.Fhir, ImportKind.Output, new HashSet<string>()).Read(line, 1, read);
        return read;
    }

    /// <summary>The number as the library has it, by reflection: these tests do not compile against it.</summary>
    private static string Value(object resource)
    {
        object quantity = resource.GetType().GetProperty("Value")!.GetValue(resource)!;
        return ((decimal)quantity.GetType().GetProperty("Value")!.GetValue(quantity)!).ToString(CultureInfo.InvariantCulture);
    }

    private static (BigInteger Value, int Scale) Exact(string number)
    {
        string[] parts = number.ToUpperInvariant().Split('E');
        int places = parts[0].Contains('.', StringComparison.Ordinal) ? parts[0].Length - parts[0].IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        BigInteger digits = BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        int scale = places - (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        while (digits % 10 == 0 && digits != 0)
        {
            digits /= 10;
            scale--;
        }

        return (digits, digits == 0 ? 0 : scale);
    }

    private static int Places(string number)
    {
        string[] parts = number.ToUpperInvariant().Split('E');
        int places = parts[0].Contains('.', StringComparison.Ordinal) ? parts[0].Length - parts[0].IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        return Math.Max(0, places - (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0));
    }
}
