using System.Collections;
using System.Management.Automation;
using System.Net;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using GroupExport.Audit;
using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Http;
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

    /// <summary>Timers go no further.</summary>
    private static readonly TimeSpan s_longestTimeout = TimeSpan.FromDays(49);

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
    [NotInTheClear("a SecureString, such as Read-Host -AsSecureString or Get-Secret gives")]
    public SecureString? AccessToken { get; set; }

    /// <summary>The id under which the client is registered; goes with a key.</summary>
    [Parameter]
    public string? ClientId { get; set; }

    /// <summary>A file with the private key: JWK, JWKS or PEM.</summary>
    [Parameter]
    public string? PrivateKeyPath { get; set; }

    /// <summary>The private key as a secret text, such as <c>Get-Secret</c> gives it.</summary>
    [Parameter]
    [NotInTheClear("a SecureString, such as Get-Secret gives (a file goes with -PrivateKeyPath)")]
    public SecureString? PrivateKey { get; set; }

    /// <summary>The passphrase of an encrypted PEM.</summary>
    [Parameter]
    [NotInTheClear("a SecureString, such as Read-Host -AsSecureString or Get-Secret gives")]
    public SecureString? PrivateKeyPassphrase { get; set; }

    /// <summary>A certificate with its private key.</summary>
    [Parameter]
    public X509Certificate2? Certificate { get; set; }

    /// <summary>The id of the key (kid); by default the JWK's own.</summary>
    [Parameter]
    public string? KeyId { get; set; }

    /// <summary>The signing algorithm; by default what the key is made for.</summary>
    [Parameter]
    [ValidateSet("RS384", "ES384", "HS384")]
    public string? Algorithm { get; set; }

    /// <summary>A client id and secret, for servers without keys.</summary>
    [Parameter]
    [NotInTheClear("a PSCredential, such as Get-Credential or Get-Secret gives")]
    public PSCredential? Credential { get; set; }

    /// <summary>Where tokens are asked for; by default Redox's token URL, else by SMART discovery below the FHIR base.</summary>
    [Parameter]
    public Uri? TokenUri { get; set; }

    /// <summary>
    /// The scopes to ask for. By default none for Redox, else read of everything: in the spelling that discovery offers, and as <c>system/*.read</c> where
    /// -TokenUri is given, because nothing is discovered then. An empty text asks for none.
    /// </summary>
    [Parameter]
    public string[]? Scope { get; set; }

    /// <summary>Origins beside the server's own that may have the token, such as a file server.</summary>
    [Parameter]
    public Uri[]? TrustedOrigin { get; set; }

    /// <summary>Headers for every request to the server and trusted origins, such as vendor client ids.</summary>
    [Parameter]
    [NotInTheClear("a hashtable of names and values")]
    public IDictionary? Header { get; set; }

    /// <summary>The time a server has to begin its answer, as a TimeSpan or in seconds.</summary>
    [Parameter]
    [Duration]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>A proxy; by default what the environment says.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>The credential for the proxy.</summary>
    [Parameter]
    [NotInTheClear("a PSCredential, such as Get-Credential or Get-Secret gives")]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Certificate authorities to trust beside the system's.</summary>
    [Parameter]
    public X509Certificate2[]? CertificateAuthority { get; set; }

    /// <summary>The certificate to show to the server and trusted origins (mutual TLS).</summary>
    [Parameter]
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>How requests are written; by default Redox for a destination slug, else by version and parameters.</summary>
    [Parameter]
    public RequestStyle? RequestStyle { get; set; }

    /// <summary>The major version of Bulk Data Access that the server speaks; left out, what a piped sandbox speaks, or what a FHIR server says of itself at the first kick-off, else 2.</summary>
    [Parameter]
    [ValidateSet("2", "3", "4")]
    public int? SpecVersion { get; set; }

    /// <summary>The source of Redox messages: <c>@{ ID = …; Name = … }</c>.</summary>
    [Parameter]
    public object? Source { get; set; }

    /// <summary>The destinations of Redox messages: one or more <c>@{ ID = …; Name = … }</c>.</summary>
    [Parameter]
    public object[]? Destination { get; set; }

    /// <summary>The audit log of all that is done over this connection, where a cmdlet names no other with its own <c>-LogPath</c>.</summary>
    [Parameter]
    public string? LogPath { get; set; }

    /// <summary>Opens the connection.</summary>
    protected override void ProcessRecord() => OrTerminate(() =>
    {
        GroupExportConnection connection = new(Settings());
        RunspaceConnection.Current = connection;
        WriteVerbose($"Connected to {connection.Server} (authorization: {connection.Authorization}). Nothing was sent yet.");
        WriteObject(connection);
    });

    private ConnectionSettings Settings()
    {
        ConnectionSettings server = Base();
        IClientAuthentication? client = Client();
        if (client is not null && AccessToken is not null)
        {
            throw new ExportException(ExportErrorKind.InvalidParameter, "-AccessToken is given beside a key or secret. Leave one of them out.") { Subject = nameof(AccessToken) };
        }

        return server with
        {
            SpecVersion = SpecVersion ?? server.SpecVersion,
            LogPath = WritableLog(),
            Source = Source is null ? null : MetaInput.Party(nameof(Source), Source),
            Destinations = [.. (Destination ?? []).Select(value => MetaInput.Party(nameof(Destination), value))],
            Tokens = AccessToken is null ? new NoToken() : new GivenToken(Given(AccessToken)),
            TokenSettings = client is null ? null : Asked(client, server),
            TrustedOrigins = [.. WithoutGaps(TrustedOrigin, nameof(TrustedOrigin)).Select(ConnectionSettings.CheckedServer)],
            Headers = Headers(),
            RequestTimeout = RequestTimeout > TimeSpan.Zero && RequestTimeout <= s_longestTimeout ? RequestTimeout : throw new ExportException(ExportErrorKind.InvalidParameter, $"-RequestTimeout must be longer than no time, and {s_longestTimeout.TotalDays} days at most.") { Subject = nameof(RequestTimeout) },
            Transport = new TransportSettings
            {
                Proxy = Proxy is null ? null : TransportSettings.CheckedProxy(Proxy),
                ProxyCredential = ProxyCredential?.GetNetworkCredential(),
                Authorities = WithoutGaps(CertificateAuthority, nameof(CertificateAuthority)),
                ClientCertificate = ClientCertificate,
            },
        };
    }

    /// <summary>Opened once, so that a runbook fails in its first line and not after the first kick-off.</summary>
    private string? WritableLog()
    {
        string? path = LogFile.Resolve(this, LogPath);
        if (path is not null)
        {
            AuditLog.Open(path, OnEvent).Dispose();
        }

        return path;
    }

    private TokenSettings Asked(IClientAuthentication client, ConnectionSettings server)
    {
        string? scope = Scope is { Length: > 0 } ? string.Join(' ', Scope) : null;
        return server.DestinationSlug is null
            ? TokenSettings.ForFhir(client, server.FhirBase, TokenUrl(), scope)
            : new TokenSettings(client, server.FhirBase, TokenUrl(), scope);
    }

    private IClientAuthentication? Client()
    {
        bool practice = ParameterSetName == SandboxSet;
        return new ClientInput
        {
            ClientId = ClientId ?? (practice && Sandbox?.PrivateKey is not null ? Sandbox.ClientId : null),
            KeyPath = PrivateKeyPath is null ? null : KeyFile(ClientInput.PathOf(PrivateKeyPath)),
            Key = PrivateKey ?? (practice ? Sandbox?.PrivateKey : null),
            Passphrase = PrivateKeyPassphrase,
            Certificate = Certificate,
            KeyId = KeyId,
            Algorithm = Algorithm,
            Credential = Credential ?? (practice && Sandbox?.ClientSecret is { } secret ? new PSCredential(Sandbox.ClientId, secret) : null),
        }.Read(WriteWarning);
    }

    /// <summary>The full path; a drive that does not exist has no key either.</summary>
    private string KeyFile(string path)
    {
        try
        {
            return SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
        }
        catch (Exception fault) when (fault is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or ProviderInvocationException or PSArgumentException or NotSupportedException)
        {
            throw new ExportException(ExportErrorKind.KeyFileUnreadable, $"The key file {path} cannot be found: there is no such place.", fault) { Subject = path };
        }
    }

    /// <summary>The values; one that is missing must not be passed over, because somebody meant it.</summary>
    private static T[] WithoutGaps<T>(T[]? values, string parameter)
        where T : class => (values ?? []).Any(value => value is null)
        ? throw new ExportException(ExportErrorKind.InvalidParameter, $"-{parameter} holds an empty value. Leave it out, or look why it is missing.") { Subject = parameter }
        : values ?? [];

    /// <summary>Redox's is known; a FHIR server tells its own, which is what null stands for.</summary>
    private Uri? TokenUrl()
    {
        if (TokenUri is not null)
        {
            // Checked, but sent as it was written: it is the audience of the assertion, character by character.
            _ = ConnectionSettings.CheckedServer(TokenUri);
            return TokenUri;
        }

        return ParameterSetName switch
        {
            FhirSet => null,
            SandboxSet => Sandbox!.TokenUri,
            _ => new Uri(ConnectionSettings.CheckedServer(BaseUri ?? ConnectionSettings.RedoxServer(Region)), "v2/auth/token"),
        };
    }

    private Dictionary<string, string> Headers()
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in Header ?? new Hashtable())
        {
            string name = $"{entry.Key}";
            string value = $"{entry.Value}";
            using HttpRequestMessage trial = new();
            if (name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || value.AsSpan().ContainsAny('\r', '\n') || !trial.Headers.TryAddWithoutValidation(name, value))
            {
                throw new ExportException(ExportErrorKind.InvalidParameter, $"-Header cannot hold '{name}'. Give request headers other than Authorization; tokens go with -AccessToken or a key.") { Subject = nameof(Header) };
            }

            headers[name] = value;
        }

        return headers;
    }

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
            : Fhir(sandbox.FhirBaseUri) with { SpecVersion = sandbox.SpecVersion };

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
