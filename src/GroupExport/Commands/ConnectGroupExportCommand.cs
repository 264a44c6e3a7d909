using System.Management.Automation;
using System.Net;
using System.Security;
using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Input;
using GroupExport.Sandbox;
using GroupExport.State;
using GroupExport.Work;

namespace GroupExport.Commands;

/// <summary>Opens a connection and makes it the default of this runspace. Nothing is sent yet.</summary>
[Cmdlet(VerbsCommunications.Connect, "GroupExport", DefaultParameterSetName = RedoxSet)]
[OutputType(typeof(GroupExportConnection))]
public sealed class ConnectGroupExportCommand : ExportCmdlet
{
    private const string RedoxSet = "Redox";
    private const string FhirSet = "Fhir";
    private const string SandboxSet = "Sandbox";

    /// <summary>The slug of the Redox destination, such as <c>redox-fhir-sandbox</c>.</summary>
    [Parameter(ParameterSetName = RedoxSet, Position = 0)]
    public string? DestinationSlug { get; set; }

    /// <summary>The Redox environment: Development, Staging, Production, or another that Redox gave you.</summary>
    [Parameter(ParameterSetName = RedoxSet, Position = 1)]
    [ArgumentCompleter(typeof(Completion.EnvironmentFlagCompleter))]
    public string? EnvironmentFlag { get; set; }

    /// <summary>Where the Redox organization is hosted.</summary>
    [Parameter(ParameterSetName = RedoxSet)]
    public RedoxRegion Region { get; set; }

    /// <summary>A Redox server other than the region's.</summary>
    [Parameter(ParameterSetName = RedoxSet)]
    public Uri? BaseUri { get; set; }

    /// <summary>The base URL of a FHIR server.</summary>
    [Parameter(ParameterSetName = FhirSet)]
    public Uri? FhirBaseUri { get; set; }

    /// <summary>A practice server from Start-ExportSandbox.</summary>
    [Parameter(ParameterSetName = SandboxSet, ValueFromPipeline = true)]
    public ExportSandbox? Sandbox { get; set; }

    /// <summary>An access token that was obtained elsewhere.</summary>
    [Parameter]
    public SecureString? AccessToken { get; set; }

    /// <summary>How requests are written; by default Redox for a destination slug, else by version and parameters.</summary>
    [Parameter]
    public RequestStyle? RequestStyle { get; set; }

    /// <summary>The major version of Bulk Data Access that the server speaks.</summary>
    [Parameter]
    [ValidateSet("2", "3", "4")]
    public int SpecVersion { get; set; } = 2;

    /// <summary>The source of Redox messages: <c>@{ ID = …; Name = … }</c>.</summary>
    [Parameter]
    public object? Source { get; set; }

    /// <summary>The destinations of Redox messages: one or more <c>@{ ID = …; Name = … }</c>.</summary>
    [Parameter]
    public object[]? Destination { get; set; }

    /// <summary>Opens the connection.</summary>
    protected override void ProcessRecord() => OrTerminate(() =>
    {
        GroupExportConnection connection = new(Settings());
        RunspaceConnection.Current = connection;
        WriteVerbose($"Connected to {connection.Server} (authorization: {connection.Authorization}). Nothing was sent yet.");
        WriteObject(connection);
    });

    private ConnectionSettings Settings() => Base() with
    {
        SpecVersion = SpecVersion,
        Source = Source is null ? null : MetaInput.Party(nameof(Source), Source),
        Destinations = [.. (Destination ?? []).Select(value => MetaInput.Party(nameof(Destination), value))],
        Tokens = AccessToken is null ? new NoToken() : new GivenToken(Given(AccessToken)),
    };

    /// <summary>The token, without the line end that a file adds.</summary>
    private static string Given(SecureString secret)
    {
        string token = new NetworkCredential("", secret).Password.Trim();
        return token.Length > 0 && token.All(character => character is > ' ' and < '\x7F') ? token : throw new ExportException(
            ExportErrorKind.InvalidParameter,
            "-AccessToken is empty or holds characters that no token has. Give the token alone, as a SecureString; leave the parameter out for an open server.")
        {
            Subject = nameof(AccessToken),
        };
    }

    private ConnectionSettings Base() => ParameterSetName switch
    {
        FhirSet => Fhir(FhirBaseUri ?? throw Missing("-FhirBaseUri")),
        SandboxSet => OfSandbox(Sandbox ?? throw Missing("a sandbox")),
        _ => Redox(BaseUri ?? ConnectionSettings.RedoxServer(Region), DestinationSlug, EnvironmentFlag),
    };

    private ConnectionSettings OfSandbox(ExportSandbox sandbox) =>
        RequestStyle is null or Connections.RequestStyle.Redox
            ? Redox(sandbox.BaseUri, sandbox.DestinationSlug, sandbox.EnvironmentFlag)
            : Fhir(sandbox.FhirBaseUri);

    private ConnectionSettings Fhir(Uri server)
    {
        if (RequestStyle == Connections.RequestStyle.Redox)
        {
            throw new ExportException(ExportErrorKind.InvalidParameter, "The request style Redox goes with -DestinationSlug and -EnvironmentFlag, not with a plain FHIR base.") { Subject = "RequestStyle" };
        }

        return new ConnectionSettings { FhirBase = ConnectionSettings.CheckedServer(server), Style = RequestStyle };
    }

    private ConnectionSettings Redox(Uri server, string? slug, string? flag) => new()
    {
        FhirBase = ConnectionSettings.RedoxBase(
            ConnectionSettings.CheckedServer(server),
            Segment(slug, "-DestinationSlug"),
            Segment(flag, "-EnvironmentFlag")),
        DestinationSlug = slug,
        EnvironmentFlag = flag,
        Style = RequestStyle ?? Connections.RequestStyle.Redox,
    };

    private static string Segment(string? value, string parameter)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw Missing(parameter);
        }

        return value.Contains('/') || value is "." or ".."
            ? throw new ExportException(ExportErrorKind.InvalidParameter, $"{parameter} '{value}' is no single word of a path. Give it as the Redox dashboard shows it.") { Subject = value }
            : value;
    }

    private static ExportException Missing(string what) =>
        new(ExportErrorKind.InvalidParameter, $"{what} is missing. Connect with -DestinationSlug and -EnvironmentFlag (Redox), with -FhirBaseUri (any FHIR server), or pipe a sandbox.") { Subject = what };
}
