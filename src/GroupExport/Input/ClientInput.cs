using System.Management.Automation;
using System.Net;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using GroupExport.Authorization;

namespace GroupExport.Input;

/// <summary>How a client is named on the command line: by a key in one of its forms, or by a secret.</summary>
internal sealed record ClientInput
{
    public string? ClientId { get; init; }

    /// <summary>The full path of a key file.</summary>
    public string? KeyPath { get; init; }

    public SecureString? Key { get; init; }

    public SecureString? Passphrase { get; init; }

    public X509Certificate2? Certificate { get; init; }

    public string? KeyId { get; init; }

    public string? Algorithm { get; init; }

    public PSCredential? Credential { get; init; }

    /// <summary>How the client proves who it is; null when nothing was given.</summary>
    /// <param name="caution">Takes what somebody should look at.</param>
    /// <exception cref="ExportException">More than one way was given, the client id is missing, or the key is not usable.</exception>
    public IClientAuthentication? Read(Action<string> caution)
    {
        string[] ways = [.. new (string Name, bool Given)[]
        {
            ("-PrivateKeyPath", KeyPath is not null),
            ("-PrivateKey", Key is not null),
            ("-Certificate", Certificate is not null),
            ("-Credential", Credential is not null),
        }.Where(way => way.Given).Select(way => way.Name)];
        if (ways.Length > 1)
        {
            throw Invalid($"{string.Join(" and ", ways)} are given, where one way to be authorized is needed. Leave all but one out.", ways[1]);
        }

        if (Credential is not null)
        {
            return new ClientSecret(Credential.UserName, Credential.GetNetworkCredential().Password);
        }

        if (ways.Length == 0)
        {
            return ClientId is null ? null : throw Invalid("-ClientId is given without a key. Add -PrivateKeyPath, -PrivateKey or -Certificate; a client secret goes with -Credential.", nameof(ClientId));
        }

        string clientId = string.IsNullOrWhiteSpace(ClientId)
            ? throw Invalid($"{ways[0]} needs -ClientId: the id under which the client is registered.", nameof(ClientId))
            : ClientId;
        try
        {
            return new PrivateKeyJwt(ReadKey(caution), clientId, TimeProvider.System);
        }
        catch (ExportException fault) when (fault.Subject is null)
        {
            // The engine reads a text; where that came from is known here alone.
            throw new ExportException(fault.Kind, fault.Message, fault) { Subject = KeyPath ?? ways[0][1..] };
        }
    }

    /// <summary>The path, unless it is the key itself, which must not come back in a message about a file that is not there.</summary>
    public static string PathOf(string path) => path.Contains('\n') || path.Contains("-----BEGIN", StringComparison.Ordinal) || path.TrimStart().StartsWith('{')
        ? throw Invalid("-PrivateKeyPath was given a key, where it takes the path of a file. Give the key itself with -PrivateKey, as a SecureString.", "PrivateKeyPath")
        : path;

    private SigningKey ReadKey(Action<string> caution)
    {
        KeyHints hints = new(Algorithm, KeyId, Text(Passphrase));
        if (Certificate is not null)
        {
            return KeyReader.Read(Certificate, hints);
        }

        if (Key is not null)
        {
            return KeyReader.Read(Text(Key)!, hints);
        }

        PrivateKeyFile file = PrivateKeyFile.Read(KeyPath!);
        if (file.IsOpenToOthers)
        {
            caution($"Others can read the key file {KeyPath}. Take their right away (chmod 600), and have the key replaced if it may have been read.");
        }

        return KeyReader.Read(file.Text, hints);
    }

    private static string? Text(SecureString? secret) => secret is null ? null : new NetworkCredential("", secret).Password;

    private static ExportException Invalid(string message, string parameter) => new(ExportErrorKind.InvalidParameter, message) { Subject = parameter };
}
