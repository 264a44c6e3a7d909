using GroupExport.Input;
using GroupExport.Requests;

namespace GroupExport.Commands;

// The request that the parameters make, to which the pipeline may add groups, patients and types.
public sealed partial class NewGroupExportCommand
{
    private void AddGivenPatients()
    {
        if (!IsBound(nameof(Patient)))
        {
            return;
        }

        if (Patient is null or [])
        {
            throw PatientInput.Empty();
        }

        foreach (object? patient in Patient)
        {
            _cohorts.AddPatient(PatientInput.Read(patient));
        }
    }

    private ExportRequest Template() => new()
    {
        GroupId = "",
        TypeFilters = _filters.Texts,
        Elements = [.. Given(Element, nameof(Element)).Select(element => ElementPath.Read(element).Text).Distinct()],
        IncludeAssociatedData = Presets(),
        OrganizeOutputBy = OrganizeOutputBy is null ? null : TypeInput.Read(OrganizeOutputBy),
        OutputFormat = string.IsNullOrWhiteSpace(OutputFormat) ? null : OutputFormat,
        Since = _sinceSource is null ? Instant(nameof(Since), Since, "the folder or receipt of an earlier export") : null,
        Until = Instant(nameof(Until), Until),
        AllowPartialManifests = IsBound(nameof(AllowPartialManifests)) ? AllowPartialManifests.ToBool() : null,
        IsLenient = Lenient,
        Method = Method,
        Envelope = new RedoxEnvelope
        {
            EventDateTime = InstantInput.Read(nameof(EventDateTime), EventDateTime),
            Test = IsBound(nameof(Test)) ? Test.ToBool() : null,
            Source = Source is null ? null : MetaInput.Party(nameof(Source), Source),
            Destinations = [.. (Destination ?? []).Select(value => MetaInput.Party(nameof(Destination), value))],
            Logs = [.. (Log ?? []).Select(value => MetaInput.Log(nameof(Log), value))],
            FacilityCode = string.IsNullOrWhiteSpace(FacilityCode) ? null : FacilityCode,
        },
    };

    /// <summary>The values of a parameter that restricts the export; given but empty, it must not come to mean everything.</summary>
    private string[] Given(string[]? values, string parameter)
    {
        bool empty = values is null or [] ? IsBound(parameter) : values.Any(string.IsNullOrWhiteSpace);
        return empty ? throw Empty(parameter) : [.. (values ?? []).Distinct()];
    }

    private string[] Presets()
    {
        string[] presets = Given(IncludeAssociatedData, nameof(IncludeAssociatedData));
        foreach (string preset in presets)
        {
            AssociatedData.Read(preset);
        }

        return presets;
    }

    private string? Instant(string parameter, object? value, string? alternative = null) =>
        value is null && IsBound(parameter) ? throw Empty(parameter) : InstantInput.Read(parameter, value, alternative);

    private static ExportException Empty(string parameter) =>
        new(ExportErrorKind.InvalidParameter, $"-{parameter} is given but empty. Leave the parameter out, or correct the value. Nothing was sent.") { Subject = parameter };
}
