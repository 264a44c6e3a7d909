using System.Globalization;

namespace GroupExport.Sandbox.MadeUp;

/// <summary>One patient's record: about 45 resources from Patient to DiagnosticReport.</summary>
internal sealed partial class PatientRecord
{
    private readonly ResourceWriter _writer;
    private readonly string _id;
    private readonly string _stem;
    private readonly string _reference;
    private readonly int _patient;
    private readonly int _number;
    private StableRandom _random;

    public PatientRecord(ResourceWriter writer, int seed, int number, int patient)
    {
        _writer = writer;
        _stem = Stem(number);
        _id = PatientId(number);
        _reference = "Patient/" + _id;
        _patient = patient;
        _number = number;
        _random = new StableRandom(seed, number);
    }

    public static string PatientId(int number) => "patient-" + Stem(number);

    public void Write()
    {
        WritePatient();
        Repeat(1, 4, WriteCondition);
        Repeat(0, 3, WriteAllergy);
        Repeat(3, 7, WriteVisit);
        Repeat(2, 5, WriteImmunization);
    }

    private void Repeat(int atLeast, int below, Action<int> write)
    {
        var count = _random.Next(atLeast, below);
        for (var number = 1; number <= count; number++)
        {
            write(number);
        }
    }

    private void Begin(string type, string idPrefix, string suffix, DateTime lastUpdated) =>
        _writer.Begin(type, $"{idPrefix}-{_stem}-{suffix}", lastUpdated, _patient);

    private static string Stem(int number) => number.ToString("D4", CultureInfo.InvariantCulture);

    private static string Suffix(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void WritePatient()
    {
        var json = _writer.Json;
        var female = _random.Chance(52);
        _writer.Begin("Patient", _id, Calendar.LastUpdated(ref _random), _patient);
        json.WriteStartArray("identifier"u8);
        json.WriteStartObject();
        json.WriteString("system"u8, "urn:oid:2.16.840.1.113883.19.5"u8);
        json.WriteString("value"u8, string.Create(CultureInfo.InvariantCulture, $"MRN{_number:D6}"));
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteBoolean("active"u8, true);
        json.WriteStartArray("name"u8);
        json.WriteStartObject();
        json.WriteString("use"u8, "official"u8);
        json.WriteString("family"u8, _random.Pick<string>(Vocabulary.Families));
        json.WriteStartArray("given"u8);
        json.WriteStringValue(_random.Pick<string>(female ? Vocabulary.FemaleNames : Vocabulary.MaleNames));
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("gender"u8, female ? "female"u8 : "male"u8);
        json.WriteString("birthDate"u8, ResourceWriter.Day(new DateTime(_random.Next(1930, 2008), 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(_random.Next(0, 365))));
        json.WriteStartArray("address"u8);
        json.WriteStartObject();
        json.WriteString("city"u8, _random.Pick<string>(Vocabulary.Cities));
        json.WriteEndObject();
        json.WriteEndArray();
        _writer.Reference("managingOrganization", "Organization/" + CareProviders.OrganizationId(_random.Next(1, Vocabulary.Organizations.Length + 1)));
        _writer.End();
    }

    private void WriteCondition(int number)
    {
        var updated = Calendar.LastUpdated(ref _random);
        var active = _random.Chance(70);
        var onset = Calendar.Visit(ref _random, updated);
        Begin("Condition", "condition", Suffix(number), updated);
        _writer.Concept("clinicalStatus", Vocabulary.ConditionClinical, active ? new Concept("active", "Active") : new Concept("resolved", "Resolved"));
        _writer.Concept("verificationStatus", Vocabulary.ConditionVerification, new Concept("confirmed", "Confirmed"));
        _writer.Concepts("category", Vocabulary.ConditionCategory, new Concept("problem-list-item", "Problem List Item"));
        _writer.Concept("code", Vocabulary.Snomed, _random.Pick<Concept>(Vocabulary.Conditions));
        _writer.Reference("subject", _reference);
        _writer.Json.WriteString("onsetDateTime"u8, ResourceWriter.Second(onset));
        if (!active)
        {
            _writer.Json.WriteString("abatementDateTime"u8, ResourceWriter.Second(onset.AddHours(_random.Next(1, 24))));
        }

        _writer.Json.WriteString("recordedDate"u8, ResourceWriter.Day(onset));
        _writer.End();
    }

    private void WriteAllergy(int number)
    {
        var updated = Calendar.LastUpdated(ref _random);
        var which = _random.Next(0, Vocabulary.Allergies.Length);
        Begin("AllergyIntolerance", "allergy", Suffix(number), updated);
        _writer.Concept("clinicalStatus", Vocabulary.AllergyClinical, new Concept("active", "Active"));
        _writer.Concept("verificationStatus", Vocabulary.AllergyVerification, new Concept("confirmed", "Confirmed"));
        _writer.Json.WriteString("type"u8, "allergy"u8);
        _writer.Json.WriteStartArray("category"u8);
        _writer.Json.WriteStringValue(Vocabulary.AllergyCategories[which]);
        _writer.Json.WriteEndArray();
        _writer.Json.WriteString("criticality"u8, _random.Chance(30) ? "high"u8 : "low"u8);
        _writer.Concept("code", Vocabulary.Snomed, Vocabulary.Allergies[which]);
        _writer.Reference("patient", _reference);
        _writer.Json.WriteString("recordedDate"u8, ResourceWriter.Second(Calendar.Visit(ref _random, updated)));
        _writer.End();
    }

    private void WriteImmunization(int number)
    {
        var updated = Calendar.LastUpdated(ref _random);
        Begin("Immunization", "immunization", Suffix(number), updated);
        _writer.Json.WriteString("status"u8, "completed"u8);
        _writer.Concept("vaccineCode", Vocabulary.Cvx, _random.Pick<Concept>(Vocabulary.Vaccines));
        _writer.Reference("patient", _reference);
        _writer.Json.WriteString("occurrenceDateTime"u8, ResourceWriter.Day(Calendar.Visit(ref _random, updated)));
        _writer.Json.WriteBoolean("primarySource"u8, true);
        _writer.End();
    }
}
