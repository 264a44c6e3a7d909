namespace GroupExport.Sandbox.Selection;

/// <summary>How the values of a search parameter compare.</summary>
internal enum SearchKind
{
    Token,
    Date,
}

/// <summary>A search parameter of R4 that filters understand.</summary>
/// <param name="Name">As written in a query.</param>
/// <param name="Kind">How its values compare.</param>
/// <param name="Types">The resource types that have it, or none for all.</param>
/// <param name="Elements">The elements that it looks at, a dot between the levels.</param>
internal sealed record SearchParameter(string Name, SearchKind Kind, string[] Types, string[] Elements)
{
    /// <summary>From http://hl7.org/fhir/R4/searchparameter-registry.html: the parameters whose value lies in one root element.</summary>
    private static readonly SearchParameter[] s_known =
    [
        new("_id", SearchKind.Token, [], ["id"]),
        new("_lastUpdated", SearchKind.Date, [], ["meta.lastUpdated"]),
        Token("active", "active", "Organization Patient Practitioner"),
        Token("category", "category", "AllergyIntolerance CarePlan CareTeam Condition DiagnosticReport DocumentReference MedicationRequest Observation Procedure ServiceRequest"),
        Token("class", "class", "Encounter"),
        Token("clinical-status", "clinicalStatus", "AllergyIntolerance Condition"),
        Token("code", "code", "AllergyIntolerance Condition DiagnosticReport Medication Observation Procedure ServiceRequest"),
        Token("code", "medicationCodeableConcept", "MedicationAdministration MedicationDispense MedicationRequest MedicationStatement"),
        Token("criticality", "criticality", "AllergyIntolerance"),
        Token("gender", "gender", "Patient Practitioner RelatedPerson"),
        Token("identifier", "identifier", "AllergyIntolerance CarePlan CareTeam Claim Condition Coverage DiagnosticReport DocumentReference Encounter ExplanationOfBenefit ImagingStudy Immunization MedicationRequest Observation Organization Patient Practitioner Procedure ServiceRequest"),
        Token("intent", "intent", "CarePlan MedicationRequest ServiceRequest"),
        Token("status", "status", "CarePlan CareTeam Claim Coverage DiagnosticReport DocumentReference Encounter ExplanationOfBenefit ImagingStudy Immunization MedicationAdministration MedicationDispense MedicationRequest MedicationStatement Observation Procedure ServiceRequest"),
        Token("type", "type", "AllergyIntolerance Coverage DocumentReference Encounter Organization"),
        Token("use", "use", "Claim"),
        Token("vaccine-code", "vaccineCode", "Immunization"),
        Token("verification-status", "verificationStatus", "AllergyIntolerance Condition"),
        Date("abatement-date", "abatementDateTime abatementPeriod", "Condition"),
        Date("authored", "authoredOn", "ServiceRequest"),
        Date("authoredon", "authoredOn", "MedicationRequest"),
        Date("birthdate", "birthDate", "Patient RelatedPerson"),
        Date("created", "created", "Claim ExplanationOfBenefit"),
        Date("date", "date", "DocumentReference"),
        Date("date", "effectiveDateTime effectivePeriod effectiveInstant", "DiagnosticReport Observation"),
        Date("date", "occurrenceDateTime", "Immunization"),
        Date("date", "performedDateTime performedPeriod", "Procedure"),
        Date("date", "period", "CarePlan CareTeam Encounter"),
        Date("date", "recordedDate", "AllergyIntolerance"),
        Date("issued", "issued", "DiagnosticReport"),
        Date("onset-date", "onsetDateTime onsetPeriod", "Condition"),
        Date("recorded-date", "recordedDate", "Condition"),
        Date("started", "started", "ImagingStudy"),
    ];

    /// <summary>All parameters of a resource type, by name.</summary>
    public static IEnumerable<SearchParameter> Of(string resourceType) =>
        s_known.Where(parameter => parameter.Types.Length == 0 || parameter.Types.Contains(resourceType));

    private static SearchParameter Token(string name, string elements, string types) => new(name, SearchKind.Token, types.Split(' '), elements.Split(' '));

    private static SearchParameter Date(string name, string elements, string types) => new(name, SearchKind.Date, types.Split(' '), elements.Split(' '));
}
