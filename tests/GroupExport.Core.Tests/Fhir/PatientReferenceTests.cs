using GroupExport.Fhir;

namespace GroupExport.Tests.Fhir;

public sealed class PatientReferenceTests
{
    [Theory]
    [InlineData("Patient/1")]
    [InlineData("Patient/a-B.9")]
    [InlineData("https://fhir.example.org/r4/Patient/1")]
    [InlineData("http://localhost:8080/Patient/1")]
    public void This_is_a_reference(string text) => Assert.True(PatientReference.IsReference(text));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("patient/1")]
    [InlineData("Patient/")]
    [InlineData("Patient/1/_history/1")]
    [InlineData("Patient/1,Patient/2")]
    [InlineData("Patient/1 ")]
    [InlineData("Patient/1\n")]
    [InlineData("/Patient/1")]
    [InlineData("Patient/a_b")]
    [InlineData("Observation/1")]
    [InlineData("https://x.example/r4/Observation/1")]
    [InlineData("https://x.example/a,b/Patient/1")]
    [InlineData("https://x.example/r4?x=/Patient/1")]
    [InlineData("ftp://x.example/Patient/1")]
    public void This_is_none(string text) => Assert.False(PatientReference.IsReference(text));

    [Fact]
    public void An_id_has_64_characters_at_most()
    {
        Assert.True(PatientReference.IsReference("Patient/" + new string('a', 64)));
        Assert.False(PatientReference.IsReference("Patient/" + new string('a', 65)));
        Assert.True(PatientReference.IsId(new string('a', 64)));
        Assert.False(PatientReference.IsId(new string('a', 65)));
        Assert.False(PatientReference.IsId(""));
        Assert.False(PatientReference.IsId("a\n"));
    }

    [Theory]
    [InlineData("https://fhir.example.org/r4/Patient/1", "Patient/1")]
    [InlineData("HTTPS://FHIR.example.org/r4/Patient/1", "Patient/1")]
    [InlineData("https://other.example.org/r4/Patient/1", "https://other.example.org/r4/Patient/1")]
    [InlineData("Patient/1", "Patient/1")]
    public void A_reference_below_the_servers_base_becomes_relative(string reference, string expected) =>
        Assert.Equal(expected, PatientReference.Relative(reference, new Uri("https://fhir.example.org/r4/")));

    [Theory]
    [InlineData("Patient/1 and Patient/2-x.y, done", "Patient/… and Patient/…, done")]
    [InlineData("https://x.example/r4/Patient/1/_history/2", "https://x.example/r4/Patient/…/_history/2")]
    [InlineData("patient%2F1 PATIENT/2", "Patient/… Patient/…")]
    [InlineData("Patient", "Patient")]
    [InlineData("Observation/1", "Observation/1")]
    public void References_in_a_text_are_masked(string text, string expected) => Assert.Equal(expected, PatientReference.Mask(text));
}
