using System.Globalization;
using GroupExport.Sandbox.Data;

namespace GroupExport.Sandbox.MadeUp;

/// <summary>The organizations and practitioners that patients share; they belong to no patient's compartment.</summary>
internal sealed class CareProviders(ResourceWriter writer, int seed)
{
    public const int PractitionerCount = 6;
    private StableRandom _random = new(seed, 0);

    public static string OrganizationId(int number) => string.Create(CultureInfo.InvariantCulture, $"organization-{number}");

    public static string PractitionerId(int number) => string.Create(CultureInfo.InvariantCulture, $"practitioner-{number}");

    public void Write()
    {
        for (var number = 1; number <= Vocabulary.Organizations.Length; number++)
        {
            WriteOrganization(number);
        }

        for (var number = 1; number <= PractitionerCount; number++)
        {
            WritePractitioner(number);
        }
    }

    private void WriteOrganization(int number)
    {
        writer.Begin("Organization", OrganizationId(number), Calendar.LastUpdated(ref _random), ResourceLine.NoPatient);
        writer.Json.WriteBoolean("active"u8, true);
        writer.Concepts("type", Vocabulary.OrganizationType, new Concept("prov", "Healthcare Provider"));
        writer.Json.WriteString("name"u8, Vocabulary.Organizations[number - 1]);
        writer.End();
    }

    private void WritePractitioner(int number)
    {
        var female = _random.Chance(50);
        writer.Begin("Practitioner", PractitionerId(number), Calendar.LastUpdated(ref _random), ResourceLine.NoPatient);
        writer.Json.WriteBoolean("active"u8, true);
        writer.Json.WriteStartArray("name"u8);
        writer.Json.WriteStartObject();
        writer.Json.WriteString("family"u8, _random.Pick<string>(Vocabulary.Families));
        writer.Json.WriteStartArray("given"u8);
        writer.Json.WriteStringValue(_random.Pick<string>(female ? Vocabulary.FemaleNames : Vocabulary.MaleNames));
        writer.Json.WriteEndArray();
        writer.Json.WriteStartArray("prefix"u8);
        writer.Json.WriteStringValue("Dr."u8);
        writer.Json.WriteEndArray();
        writer.Json.WriteEndObject();
        writer.Json.WriteEndArray();
        writer.Json.WriteString("gender"u8, female ? "female"u8 : "male"u8);
        writer.End();
    }
}
