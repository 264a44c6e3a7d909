using GroupExport.Requests;

namespace GroupExport.Tests.Requests;

/// <summary>Elements as they are typed (Bulk Data Access 2, "_elements").</summary>
public sealed class ElementPathTests
{
    [Theory]
    [InlineData("id", "id", null)]
    [InlineData("birthDate", "birthDate", null)]
    [InlineData("Patient.name", "Patient.name", "Patient")]
    [InlineData("patient.name", "Patient.name", "Patient")]
    [InlineData("OBSERVATION.value[x]", "Observation.value[x]", "Observation")]
    [InlineData("list", "list", null)]
    public void An_element_of_every_type_or_of_one_is_sent_in_the_spelling_of_R4(string typed, string sent, string? type)
    {
        ElementPath element = ElementPath.Read(typed);

        Assert.Equal((sent, type, false), (element.Text, element.Type, element.IsNested));
    }

    [Theory]
    [InlineData("Patient.name.family", "Patient.name.family", "Patient")]
    [InlineData("name.family", "name.family", null)]
    public void What_leads_below_a_root_element_is_known_as_such(string typed, string sent, string? type)
    {
        ElementPath element = ElementPath.Read(typed);

        Assert.Equal((sent, type, true), (element.Text, element.Type, element.IsNested));
    }

    [Theory]
    [InlineData("id,name", "-Element id, Patient.name")]
    [InlineData("id,", "comma")]
    [InlineData(" id", "no element")]
    [InlineData("Patient .name", "no element")]
    [InlineData("Patient name", "no element")]
    [InlineData(".name", "no element")]
    [InlineData("Patient.", "no element")]
    [InlineData("Patient..name", "no element")]
    [InlineData(".", "no element")]
    [InlineData("Patient/name", "no element")]
    [InlineData("*", "no element")]
    [InlineData("1d", "no element")]
    [InlineData("id\n", "no element")]
    [InlineData("Patient", "Patient.id")]
    [InlineData("Name", "small letter, such as name")]
    public void What_is_no_element_is_refused(string typed, string cure)
    {
        ExportException refusal = Assert.Throws<ExportException>(() => ElementPath.Read(typed));

        Assert.Equal((ExportErrorKind.InvalidParameter, "Element"), (refusal.Kind, refusal.Subject));
        Assert.Contains(cure, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistyped_type_is_named_with_those_that_are_near()
    {
        ExportException refusal = Assert.Throws<ExportException>(() => ElementPath.Read("Pateint.name"));

        Assert.Equal((ExportErrorKind.UnknownResourceType, "Pateint"), (refusal.Kind, refusal.Subject));
        Assert.Contains("Did you mean Patient?", refusal.Message, StringComparison.Ordinal);
    }
}
