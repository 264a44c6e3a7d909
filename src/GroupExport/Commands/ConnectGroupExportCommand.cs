using System.Collections;
using System.Management.Automation;
using System.Net;
using System.Security;
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
public sealed partial class ConnectGroupExportCommand : ExportCmdlet
{
    private const string RedoxSet = "Redox";
    private const string FhirSet = "Fhir";
    private const string SandboxSet = "Sandbox";

    /// <summary>Timers go no further.</summary>
    private static readonly TimeSpan s_longestTimeout = TimeSpan.FromDays(49);

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
