using GroupExport.Requests;

namespace GroupExport.Tests.Requests;

/// <summary>Presets of associated data as they are typed; how they are written is in the tables of the styles.</summary>
public sealed class AssociatedDataTests
{
    private const string Published = "http://hl7.org/fhir/uv/bulkdata/CodeSystem/include-associated-data";

    [Theory]
    [InlineData("LatestProvenanceResources", Published, "LatestProvenanceResources")]
    [InlineData("RelevantProvenanceResources", Published, "RelevantProvenanceResources")]
    [InlineData("_notes", null, "_notes")]
    [InlineData("https://fhir.example.org/presets|notes", "https://fhir.example.org/presets", "notes")]
    [InlineData("urn:oid:1.2.3|_notes", "urn:oid:1.2.3", "_notes")]
    public void A_code_belongs_to_the_system_of_the_standard_to_one_that_is_given_or_to_none(string typed, string? system, string code)
    {
        AssociatedData preset = AssociatedData.Read(typed);

        Assert.Equal((system, code), (preset.System, preset.Code));
        Assert.Null(preset.Caution);
    }

    [Theory]
    [InlineData("LatestProvenanceResources,_notes", "as an array")]
    [InlineData("a|b,c", "as an array")]
    [InlineData("https://fhir.example.org/presets|", "no code")]
    [InlineData("|notes", "absolute URI")]
    [InlineData("presets|notes", "absolute URI")]
    [InlineData("https://fhir.example.org|a|b", "no code")]
    [InlineData("my notes", "no code")]
    [InlineData(" _notes", "no code")]
    public void What_is_no_code_is_refused(string typed, string cure)
    {
        ExportException refusal = Assert.Throws<ExportException>(() => AssociatedData.Read(typed));

        Assert.Equal((ExportErrorKind.InvalidParameter, "IncludeAssociatedData"), (refusal.Kind, refusal.Subject));
        Assert.Contains(cure, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("latestProvenanceResources", "Did you mean LatestProvenanceResources")]
    [InlineData("RelevantProvenance", "RelevantProvenanceResources")]
    [InlineData("notes", "begin with an underscore")]
    public void A_code_that_nobody_defined_draws_a_caution_and_gets_no_system(string typed, string said)
    {
        AssociatedData preset = AssociatedData.Read(typed);

        Assert.Null(preset.System);
        Assert.Contains(said, preset.Caution, StringComparison.Ordinal);
    }
}
