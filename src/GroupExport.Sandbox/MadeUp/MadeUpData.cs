using GroupExport.Sandbox.Data;

namespace GroupExport.Sandbox.MadeUp;

/// <summary>Composes the data of a sandbox that was given none: patients who never lived, the same ones for the same seed.</summary>
internal static class MadeUpData
{
    /// <summary>The second group: every third patient of the first.</summary>
    public const string SecondGroupId = "hypertension-2026";

    /// <summary>The third group: every seventh patient of the first.</summary>
    public const string ThirdGroupId = "asthma-2026";

    public static ExportData Create(int patientCount, int seed, string groupId)
    {
        var patients = new PatientDirectory();
        using var writer = new ResourceWriter();
        if (patientCount > 0)
        {
            new CareProviders(writer, seed).Write();
        }

        for (var number = 1; number <= patientCount; number++)
        {
            new PatientRecord(writer, seed, number, patients.AddResource(PatientRecord.PatientId(number))).Write();
        }

        var members = patients.All();
        var groups = new[]
        {
            new PatientGroup(groupId, "All made-up patients", members, holdsEveryone: true),
            Part(SecondGroupId, "Every third made-up patient", members, 3),
            Part(ThirdGroupId, "Every seventh made-up patient", members, 7),
        };
        return new ExportData(writer.Files, patients, [.. groups.DistinctBy(group => group.Id, StringComparer.Ordinal)]);
    }

    private static PatientGroup Part(string id, string name, IReadOnlyList<int> members, int step) =>
        new(id, name, [.. members.Where((_, index) => index % step == 0)], holdsEveryone: false);
}
