using System.Collections;
using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using GroupExport.Connections;
using GroupExport.Input;
using GroupExport.Sandbox;

namespace GroupExport.Commands;

// What can be given; what is made of it stands beside.
public sealed partial class ConnectGroupExportCommand
{
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
}
