using GroupExport.Requests;

namespace GroupExport.Tests.Requests;

/// <summary>What a type filter may be. What is refused is named by its place, and no value of it is said.</summary>
public sealed class TypeFilterTests
{
    [Theory]
    [InlineData("Observation?status=final", "Observation?status=final", "status")]
    [InlineData("observation?status=final", "Observation?status=final", "status")]
    [InlineData("Observation?code:in=http://x.example/vs&date=ge2026-01-01", "Observation?code:in=http://x.example/vs&date=ge2026-01-01", "code:in date")]
    [InlineData("Observation?subject:Patient.name=x", "Observation?subject:Patient.name=x", "subject:Patient.name")]
    [InlineData("Patient?_has:Observation:patient:code=1", "Patient?_has:Observation:patient:code=1", "_has:Observation:patient:code")]
    [InlineData("Observation?code%3Ain=a%26b", "Observation?code%3Ain=a%26b", "code:in")]
    [InlineData("Patient?identifier=http://x.example/?a=b|1", "Patient?identifier=http://x.example/?a=b|1", "identifier")]
    [InlineData("Patient?_id=a,b&_lastUpdated=gt2026&", "Patient?_id=a,b&_lastUpdated=gt2026&", "_id _lastUpdated")]
    [InlineData("Patient?name=", "Patient?name=", "name")]
    public void A_search_on_one_type_is_sent_as_it_is_but_for_the_spelling_of_its_type(string text, string sent, string parameters)
    {
        TypeFilter filter = TypeFilter.Read(text, 1);

        Assert.Equal(sent, filter.Text);
        Assert.Equal(parameters.Split(' '), filter.Parameters);
        Assert.DoesNotContain('=', filter.ToString());
    }

    [Theory]
    [InlineData("Observation", "question mark")]
    [InlineData("secret", "question mark")]
    [InlineData("status=secret", "question mark")]
    [InlineData("Observation%3Fcode%3Dsecret", "percent-encoded")]
    [InlineData("?status=secret", "name of a resource type")]
    [InlineData(" Observation?status=secret", "name of a resource type")]
    [InlineData("987-65-4321?status=secret", "name of a resource type")]
    [InlineData("Observation,Condition?code=secret", "several types")]
    [InlineData("/Observation?code=secret", "a slash")]
    [InlineData("https://fhir.example.org/Observation?code=secret", "a URL")]
    [InlineData("Patient/secret/Observation?code=secret", "a compartment")]
    [InlineData("Observation?", "restricts nothing")]
    [InlineData("Observation?&", "restricts nothing")]
    [InlineData("Observation?secret", "name=value")]
    [InlineData("Observation?=secret", "name=value")]
    [InlineData("Observation?code=a&secret", "%26")]
    [InlineData("Observation?_include=Observation:secret", "_include")]
    [InlineData("Observation?code=1&_include:iterate=Observation:secret", "_include")]
    [InlineData("Observation?_revinclude=Provenance:secret", "_revinclude")]
    [InlineData("Observation?_sort=secret", "_sort")]
    [InlineData("Observation?_Count=secret", "_count")]
    [InlineData("Observation?_summary=secret", "_summary")]
    [InlineData("Observation?_total=secret", "_total")]
    [InlineData("Observation?_contained=secret", "_contained,")]
    [InlineData("Observation?_containedType=secret", "_containedType")]
    [InlineData("Observation?%5Felements=secret", "-Element")]
    public void What_breaks_a_rule_of_the_standard_is_refused(string text, string why)
    {
        ExportException refusal = Assert.Throws<ExportException>(() => TypeFilter.Read(text, 7));

        Assert.Equal((ExportErrorKind.InvalidParameter, "TypeFilter"), (refusal.Kind, refusal.Subject));
        Assert.Contains("filter 7", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("987", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Observaton?code=secret", "Did you mean Observation?")]
    [InlineData("Resource?_id=secret", "no R4 resource type")]
    public void A_type_that_R4_does_not_have_is_refused_with_those_that_are_near(string text, string hint)
    {
        ExportException refusal = Assert.Throws<ExportException>(() => TypeFilter.Read(text, 2));

        Assert.Equal((ExportErrorKind.UnknownResourceType, text.Split('?')[0]), (refusal.Kind, refusal.Subject));
        Assert.Contains(hint, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
    }
}
