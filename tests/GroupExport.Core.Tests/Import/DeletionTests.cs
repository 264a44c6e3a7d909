using System.Text;
using GroupExport.Import;

namespace GroupExport.Tests.Import;

/// <summary>What was deleted, read from transaction Bundles.</summary>
public sealed class DeletionTests
{
    private const string Two = """{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"DELETE","url":"Patient/1"}},{"request":{"method":"DELETE","url":"https://fhir.example.org/r4/Observation/o-2/_history/3"}}]}""";

    [Fact]
    public void Each_entry_is_a_type_and_an_id()
    {
        Assert.Equal("Patient/1 Observation/o-2", Read(Two));
        Assert.Equal("Observation/o-2", Read(Two, types: "Observation"));
        Assert.Equal("", Read(Two, types: "Basic"));
    }

    [Theory]
    [InlineData("""{"method":"DELETE","url":"Patient?identifier=secret"}""")]
    [InlineData("""{"method":"DELETE","url":"Patient/2?identifier=secret"}""")]
    [InlineData("""{"method":"DELETE","url":"Patient"}""")]
    [InlineData("""{"method":"DELETE","url":"https://example.org/secret"}""")]
    [InlineData("""{"method":"DELETE","url":1}""")]
    [InlineData("""{"method":"PUT","url":"Patient/2"}""")]
    [InlineData("""{"url":"Patient/2"}""")]
    [InlineData("1")]
    public void An_entry_that_deletes_nothing_by_type_and_id_is_told_and_the_others_come(string request)
    {
        string bundle = Two.Replace("]}", $$""",{"request":{{request}}}]}""", StringComparison.Ordinal);

        Assert.Equal("has entries that are no DELETE of a resource by type and id Patient/1 Observation/o-2", Read(bundle));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"1"}""")]
    [InlineData("""{"resourceType":"Bundle"}""")]
    [InlineData("""{"resourceType":"Bundle","entry":{}}""")]
    public void What_deletes_nothing_is_a_broken_line(string line) => Assert.Equal("is no transaction Bundle of DELETE entries", Read(line));

    [Fact]
    public void In_other_forms_the_Bundles_come_as_they_are_when_they_delete_what_is_wanted()
    {
        Assert.Equal(Two, Read(Two, ImportForm.Json));
        Assert.Equal(Two, Read(Two, ImportForm.Json, "Patient"));
        Assert.Equal("", Read(Two, ImportForm.Json, "Bundle"));
        Assert.Equal("Hl7.Fhir.Model.Bundle", Read(Two, ImportForm.Fhir, "Patient"));
    }

    private static string Read(string line, ImportForm form = ImportForm.Object, params string[] types)
    {
        List<object> read = [];
        LineForm.Of(form, ImportKind.Deleted, types.ToHashSet()).Read(Encoding.UTF8.GetBytes(line), 7, read);
        return string.Join(' ', read.Select(item => item is BrokenLine broken ? broken.What : item.ToString()));
    }
}
