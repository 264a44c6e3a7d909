using System.Management.Automation;
using GroupExport.Input;
using GroupExport.Jobs;
using GroupExport.Requests;

namespace GroupExport.Commands;

// What can be asked for; what is done with it stands beside.
public sealed partial class NewGroupExportCommand
{
    /// <summary>Patients (<c>Patient/1</c>, Patient resources), names of resource types, or rows with Patient, Type or GroupId.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public object? InputObject { get; set; }

    /// <summary>The id of the Group resource; several start one export each.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string[]? GroupId { get; set; }

    /// <summary>Resource types; left out, the server exports all.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("_type")]
    [ArgumentCompleter(typeof(Completion.ResourceTypeCompleter))]
    public string[]? Type { get; set; }

    /// <summary>Patients that restrict the export inside the group; left out, the whole group.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("PatientId")]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public object?[]? Patient { get; set; }

    /// <summary>
    /// Only what changed after this instant; or the folder or receipt of an earlier export of the same, whose transaction time is taken when it missed nothing.
    /// </summary>
    [Parameter]
    [Alias("_since")]
    public object? Since { get; set; }

    /// <summary>Only what changed before this instant.</summary>
    [Parameter]
    [Alias("_until")]
    public object? Until { get; set; }

    /// <summary>FHIR search queries, each for one type, such as <c>Observation?status=final</c>.</summary>
    [Parameter]
    [Alias("_typeFilter")]
    [ArgumentCompleter(typeof(Completion.TypeFilterCompleter))]
    public string[]? TypeFilter { get; set; }

    /// <summary>Root elements to return: <c>id</c> of every type, <c>Patient.name</c> of one.</summary>
    [Parameter]
    [Alias("_elements", "Elements")]
    [ArgumentCompleter(typeof(Completion.ElementCompleter))]
    public string[]? Element { get; set; }

    /// <summary>Presets of associated data, such as <c>LatestProvenanceResources</c>; one of another code system as <c>system|code</c>.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(Completion.AssociatedDataCompleter))]
    public string[]? IncludeAssociatedData { get; set; }

    /// <summary>The resource type whose instances organize the files.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(Completion.ResourceTypeCompleter))]
    public string? OrganizeOutputBy { get; set; }

    /// <summary>The format of the files; left out, NDJSON.</summary>
    [Parameter]
    [Alias("_outputFormat")]
    public string? OutputFormat { get; set; }

    /// <summary>Whether the server may spread its output over several manifests.</summary>
    [Parameter]
    public SwitchParameter AllowPartialManifests { get; set; }

    /// <summary>
    /// Lets the server go on without parameters that it does not know (<c>Prefer: handling=lenient</c>). More may come than was asked for: what it left out
    /// is told in the message files that Save-ExportFiles reads.
    /// </summary>
    [Parameter]
    public SwitchParameter Lenient { get; set; }

    /// <summary>The HTTP method; left out, what the request style prefers.</summary>
    [Parameter]
    public KickOffMethod? Method { get; set; }

    /// <summary>Whether this is a Redox test message.</summary>
    [Parameter]
    public SwitchParameter Test { get; set; }

    /// <summary>The Redox source of this message, instead of the connection's: <c>@{ ID = …; Name = … }</c>.</summary>
    [Parameter]
    public object? Source { get; set; }

    /// <summary>The Redox destinations of this message, instead of the connection's.</summary>
    [Parameter]
    public object[]? Destination { get; set; }

    /// <summary>Redox log entries: <c>@{ ID = …; AttemptID = … }</c>.</summary>
    [Parameter]
    public object[]? Log { get; set; }

    /// <summary>The facility, where the health system asks for it.</summary>
    [Parameter]
    public string? FacilityCode { get; set; }

    /// <summary>The time of the Redox message; left out, now.</summary>
    [Parameter]
    public object? EventDateTime { get; set; }

    /// <summary>
    /// How long a server that starts no further export now (429, or 503 with Retry-After) is asked again, as a TimeSpan or in seconds; 5 minutes by default,
    /// and 0 asks once. What might have started an export is never sent again.
    /// </summary>
    [Parameter]
    [Duration]
    public TimeSpan KickOffTimeout { get; set; } = new KickOffOptions().Timeout;

    /// <summary>
    /// A file that tells how far this export is, for runbooks that may run twice: an export of it that runs and asks for the same comes back instead of
    /// another being started. One file is for one group.
    /// </summary>
    [Parameter]
    public string? JobFile { get; set; }

    /// <summary>Starts an export though the job file does not know what came of the last kick-off.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }
}
