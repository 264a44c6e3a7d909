namespace GroupExport.Sandbox.MadeUp;

/// <summary>A code with its display text.</summary>
internal readonly record struct Concept(string Code, string Display);

/// <summary>Something measured: its code, unit, range and number of decimals.</summary>
internal readonly record struct Measurement(Concept Code, string Unit, int Low, int High, byte Decimals);

/// <summary>The words that made-up records are composed of.</summary>
internal static class Vocabulary
{
    public const string Snomed = "http://snomed.info/sct";
    public const string Loinc = "http://loinc.org";
    public const string RxNorm = "http://www.nlm.nih.gov/research/umls/rxnorm";
    public const string Cvx = "http://hl7.org/fhir/sid/cvx";
    public const string Ucum = "http://unitsofmeasure.org";
    public const string ActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    public const string ObservationCategory = "http://terminology.hl7.org/CodeSystem/observation-category";
    public const string ConditionCategory = "http://terminology.hl7.org/CodeSystem/condition-category";
    public const string ConditionClinical = "http://terminology.hl7.org/CodeSystem/condition-clinical";
    public const string ConditionVerification = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
    public const string AllergyClinical = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
    public const string AllergyVerification = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";
    public const string ReportSection = "http://terminology.hl7.org/CodeSystem/v2-0074";
    public const string OrganizationType = "http://terminology.hl7.org/CodeSystem/organization-type";

    // Letters beyond ASCII and beyond Latin, because clients that mangle them must be found out.
    public static readonly string[] Families =
        ["Núñez", "Groß", "山田", "O'Neill", "Łukasz", "Smith", "Åkesson", "Müller", "Đặng", "Johnson", "Οικονόμου", "Haddad", "Béranger", "Okafor", "李", "Yılmaz"];

    public static readonly string[] FemaleNames = ["Zoé", "Anna", "花子", "María", "Ingrid", "Aoife", "Fatima", "Grace", "София", "Linh"];

    public static readonly string[] MaleNames = ["José", "Jürgen", "太郎", "Liam", "Søren", "Omar", "Thomas", "Čeněk", "Chidi", "Minh"];

    public static readonly string[] Cities = ["Springfield", "Saint-Étienne", "Gießen", "Malmö", "京都", "Riverton"];

    public static readonly string[] Organizations = ["Riverside Clinic", "Hôpital Sainte-Hélène", "Praxis am Schloßplatz"];

    public static readonly Concept[] Conditions =
    [
        new("44054006", "Type 2 diabetes mellitus"),
        new("38341003", "Hypertensive disorder"),
        new("195967001", "Asthma"),
        new("55822004", "Hyperlipidemia"),
        new("73211009", "Diabetes mellitus"),
        new("40055000", "Chronic sinusitis"),
    ];

    public static readonly Measurement[] VitalSigns =
    [
        new(new("29463-7", "Body weight"), "kg", 480, 1200, 1),
        new(new("8302-2", "Body height"), "cm", 1500, 1990, 1),
        new(new("8867-4", "Heart rate"), "/min", 52, 104, 0),
        new(new("8310-5", "Body temperature"), "Cel", 362, 379, 1),
    ];

    // Two decimals: one value in ten ends in a zero that a careless client drops (1.10).
    public static readonly Measurement[] LaboratoryTests =
    [
        new(new("2160-0", "Creatinine [Mass/volume] in Serum or Plasma"), "mg/dL", 60, 180, 2),
        new(new("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood"), "%", 480, 980, 2),
        new(new("2339-0", "Glucose [Mass/volume] in Blood"), "mg/dL", 7000, 18000, 2),
        new(new("2085-9", "Cholesterol in HDL [Mass/volume] in Serum or Plasma"), "mg/dL", 350, 800, 1),
    ];

    public static readonly Concept[] SmokingStatus = [new("266919005", "Never smoked tobacco"), new("8517006", "Ex-smoker"), new("449868002", "Smokes tobacco daily")];

    public static readonly Concept[] Medications =
    [
        new("860975", "Metformin hydrochloride 500 MG Extended Release Oral Tablet"),
        new("314076", "Lisinopril 10 MG Oral Tablet"),
        new("617311", "Atorvastatin 40 MG Oral Tablet"),
        new("745679", "Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler"),
    ];

    public static readonly Concept[] Allergies = [new("418689008", "Allergy to grass pollen"), new("91935009", "Allergy to peanut"), new("294505008", "Allergy to amoxicillin")];

    public static readonly string[] AllergyCategories = ["environment", "food", "medication"];

    public static readonly Concept[] Vaccines = [new("140", "Influenza, seasonal, injectable, preservative free"), new("115", "Tdap"), new("33", "Pneumococcal polysaccharide PPV23")];

    public static readonly Concept[] Procedures = [new("430193006", "Medication reconciliation"), new("134287002", "Cytopathology screening"), new("171207006", "Depression screening")];

    public static readonly Concept[] EncounterClasses = [new("AMB", "ambulatory"), new("VR", "virtual"), new("EMER", "emergency")];
}
