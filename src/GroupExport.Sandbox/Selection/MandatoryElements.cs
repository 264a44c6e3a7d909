namespace GroupExport.Sandbox.Selection;

/// <summary>The root elements that FHIR R4 requires, by resource type; without them a subset would not be valid FHIR.</summary>
internal static class MandatoryElements
{
    private static readonly Dictionary<string, string[]> s_elements = new(StringComparer.Ordinal)
    {
        ["AllergyIntolerance"] = ["patient"],
        ["CarePlan"] = ["status", "intent", "subject"],
        ["Claim"] = ["status", "type", "use", "patient", "created", "provider", "priority", "insurance"],
        ["ClinicalImpression"] = ["status", "subject"],
        ["Composition"] = ["status", "type", "date", "author", "title"],
        ["Condition"] = ["subject"],
        ["Coverage"] = ["status", "beneficiary", "payor"],
        ["DiagnosticReport"] = ["status", "code"],
        ["DocumentReference"] = ["status", "content"],
        ["Encounter"] = ["status", "class"],
        ["EpisodeOfCare"] = ["status", "patient"],
        ["ExplanationOfBenefit"] = ["status", "type", "use", "patient", "created", "insurer", "provider", "outcome", "insurance"],
        ["FamilyMemberHistory"] = ["status", "patient", "relationship"],
        ["Flag"] = ["status", "code", "subject"],
        ["Goal"] = ["lifecycleStatus", "description", "subject"],
        ["Group"] = ["type", "actual"],
        ["ImagingStudy"] = ["status", "subject"],
        ["Immunization"] = ["status", "vaccineCode", "patient", "occurrence"],
        ["MedicationAdministration"] = ["status", "medication", "subject", "effective"],
        ["MedicationDispense"] = ["status", "medication"],
        ["MedicationRequest"] = ["status", "intent", "medication", "subject"],
        ["MedicationStatement"] = ["status", "medication", "subject"],
        ["Observation"] = ["status", "code"],
        ["Procedure"] = ["status", "subject"],
        ["Provenance"] = ["target", "recorded", "agent"],
        ["QuestionnaireResponse"] = ["status"],
        ["RelatedPerson"] = ["patient"],
        ["ServiceRequest"] = ["status", "intent", "subject"],
        ["Task"] = ["status", "intent"],
    };

    public static IReadOnlyList<string> Of(string resourceType) => s_elements.TryGetValue(resourceType, out var elements) ? elements : [];
}
