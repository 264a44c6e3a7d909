namespace GroupExport.Sandbox.MadeUp;

/// <summary>A visit and what came of it: observations, a report, procedures and prescriptions.</summary>
internal sealed partial class PatientRecord
{
    private void WriteVisit(int visit)
    {
        var updated = Calendar.LastUpdated(ref _random);
        var start = Calendar.Visit(ref _random, updated);
        var encounter = $"encounter-{_stem}-{Suffix(visit)}";
        WriteEncounter(encounter, start, updated);
        WriteVitalSigns(visit, encounter, start, updated);
        WriteLaboratory(visit, encounter, start, updated);
        if (_random.Chance(60))
        {
            WriteProcedure(visit, encounter, start, updated);
        }

        if (_random.Chance(75))
        {
            WriteMedicationRequest(visit, encounter, start, updated);
        }
    }

    private void WriteEncounter(string id, DateTime start, DateTime updated)
    {
        _writer.Begin("Encounter", id, updated, _patient);
        _writer.Json.WriteString("status"u8, "finished"u8);
        _writer.Json.WritePropertyName("class"u8);
        _writer.Coding(Vocabulary.ActCode, _random.Pick<Concept>(Vocabulary.EncounterClasses));
        _writer.Concepts("type", Vocabulary.Snomed, new Concept("185349003", "Encounter for check up"));
        _writer.Reference("subject", _reference);
        _writer.Period("period", start, start.AddMinutes(_random.Next(10, 90)));
        _writer.Reference("serviceProvider", "Organization/" + CareProviders.OrganizationId(_random.Next(1, Vocabulary.Organizations.Length + 1)));
        _writer.End();
    }

    private void WriteVitalSigns(int visit, string encounter, DateTime start, DateTime updated)
    {
        foreach (var measurement in Vocabulary.VitalSigns)
        {
            if (_random.Chance(70))
            {
                WriteMeasurement(measurement, "vital-signs", "Vital Signs", $"{Suffix(visit)}-{measurement.Code.Code}", encounter, start, updated);
            }
        }

        WriteBloodPressure(visit, encounter, start, updated);
        if (visit == 1)
        {
            BeginObservation("smoking", "social-history", "Social History", new Concept("72166-2", "Tobacco smoking status"), encounter, start, updated);
            _writer.Concept("valueCodeableConcept", Vocabulary.Snomed, _random.Pick<Concept>(Vocabulary.SmokingStatus));
            _writer.End();
        }
    }

    private void WriteLaboratory(int visit, string encounter, DateTime start, DateTime updated)
    {
        var results = new List<string>();
        foreach (var measurement in Vocabulary.LaboratoryTests)
        {
            if (_random.Chance(50))
            {
                results.Add(WriteMeasurement(measurement, "laboratory", "Laboratory", $"{Suffix(visit)}-{measurement.Code.Code}", encounter, start, updated));
            }
        }

        if (results.Count > 0)
        {
            WriteReport(visit, encounter, start, updated, results);
        }
    }

    private string WriteMeasurement(Measurement measurement, string category, string display, string suffix, string encounter, DateTime start, DateTime updated)
    {
        var id = BeginObservation(suffix, category, display, measurement.Code, encounter, start, updated);
        _writer.Quantity("valueQuantity", measurement, Value(measurement));
        _writer.End();
        return id;
    }

    // The decimals are part of the value (FHIR: 1.10 is not 1.1), and decimal keeps them.
    private decimal Value(Measurement measurement) => new(_random.Next(measurement.Low, measurement.High), 0, 0, false, measurement.Decimals);

    private string BeginObservation(string suffix, string category, string display, Concept code, string encounter, DateTime start, DateTime updated)
    {
        var id = $"observation-{_stem}-{suffix}";
        _writer.Begin("Observation", id, updated, _patient);
        _writer.Json.WriteString("status"u8, _random.Chance(95) ? "final"u8 : "amended"u8);
        _writer.Concepts("category", Vocabulary.ObservationCategory, new Concept(category, display));
        _writer.Concept("code", Vocabulary.Loinc, code);
        _writer.Reference("subject", _reference);
        _writer.Reference("encounter", "Encounter/" + encounter);
        _writer.Json.WriteString("effectiveDateTime"u8, ResourceWriter.Second(start));
        _writer.Json.WriteString("issued"u8, ResourceWriter.Instant(start.AddMinutes(30)));
        return id;
    }

    private void WriteBloodPressure(int visit, string encounter, DateTime start, DateTime updated)
    {
        BeginObservation($"{Suffix(visit)}-bp", "vital-signs", "Vital Signs", new Concept("85354-9", "Blood pressure panel"), encounter, start, updated);
        _writer.Json.WriteStartArray("component"u8);
        Component(new Measurement(new Concept("8480-6", "Systolic blood pressure"), "mm[Hg]", 98, 165, 0));
        Component(new Measurement(new Concept("8462-4", "Diastolic blood pressure"), "mm[Hg]", 58, 100, 0));
        _writer.Json.WriteEndArray();
        _writer.End();
    }

    private void Component(Measurement measurement)
    {
        _writer.Json.WriteStartObject();
        _writer.Concept("code", Vocabulary.Loinc, measurement.Code);
        _writer.Quantity("valueQuantity", measurement, Value(measurement));
        _writer.Json.WriteEndObject();
    }

    private void WriteReport(int visit, string encounter, DateTime start, DateTime updated, List<string> results)
    {
        Begin("DiagnosticReport", "report", Suffix(visit), updated);
        _writer.Json.WriteString("status"u8, "final"u8);
        _writer.Concepts("category", Vocabulary.ReportSection, new Concept("LAB", "Laboratory"));
        _writer.Concept("code", Vocabulary.Loinc, new Concept("51990-0", "Basic metabolic panel - Blood"));
        _writer.Reference("subject", _reference);
        _writer.Reference("encounter", "Encounter/" + encounter);
        _writer.Json.WriteString("effectiveDateTime"u8, ResourceWriter.Second(start));
        _writer.Json.WriteString("issued"u8, ResourceWriter.Instant(start.AddHours(2)));
        _writer.Json.WriteStartArray("result"u8);
        foreach (var result in results)
        {
            _writer.Json.WriteStartObject();
            _writer.Json.WriteString("reference"u8, "Observation/" + result);
            _writer.Json.WriteEndObject();
        }

        _writer.Json.WriteEndArray();
        _writer.End();
    }

    private void WriteProcedure(int visit, string encounter, DateTime start, DateTime updated)
    {
        Begin("Procedure", "procedure", Suffix(visit), updated);
        _writer.Json.WriteString("status"u8, "completed"u8);
        _writer.Concept("code", Vocabulary.Snomed, _random.Pick<Concept>(Vocabulary.Procedures));
        _writer.Reference("subject", _reference);
        _writer.Reference("encounter", "Encounter/" + encounter);
        _writer.Period("performedPeriod", start, start.AddMinutes(15));
        _writer.End();
    }

    private void WriteMedicationRequest(int visit, string encounter, DateTime start, DateTime updated)
    {
        Begin("MedicationRequest", "medication", Suffix(visit), updated);
        _writer.Json.WriteString("status"u8, _random.Pick<string>(["active", "active", "stopped", "completed"]));
        _writer.Json.WriteString("intent"u8, "order"u8);
        _writer.Concept("medicationCodeableConcept", Vocabulary.RxNorm, _random.Pick<Concept>(Vocabulary.Medications));
        _writer.Reference("subject", _reference);
        _writer.Reference("encounter", "Encounter/" + encounter);
        _writer.Json.WriteString("authoredOn"u8, ResourceWriter.Second(start));
        _writer.Reference("requester", "Practitioner/" + CareProviders.PractitionerId(_random.Next(1, CareProviders.PractitionerCount + 1)));
        _writer.End();
    }
}
