using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GroupExport.Tests.Tls;

/// <summary>A certificate authority of one test, which no system trusts.</summary>
internal sealed class MadeAuthority : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _signing;

    public MadeAuthority(MadeAuthority? above = null)
    {
        CertificateRequest request = new($"CN=Authority {Guid.NewGuid():N}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        if (above is null)
        {
            _signing = request.CreateSelfSigned(now.AddYears(-1), now.AddYears(1));
        }
        else
        {
            using X509Certificate2 signed = request.Create(above._signing, now.AddMonths(-6), now.AddMonths(6), Guid.NewGuid().ToByteArray());
            _signing = signed.CopyWithPrivateKey(_key);
        }

        Certificate = new X509Certificate2(_signing.RawData);
    }

    /// <summary>What others get of it, without the key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>A certificate for a server of these host names.</summary>
    public X509Certificate2 ForServer(params string[] names) => Issue(names, ServerUse, expired: false);

    /// <summary>A certificate whose time was over yesterday.</summary>
    public X509Certificate2 Expired(params string[] names) => Issue(names, ServerUse, expired: true);

    /// <summary>A certificate for a client, even if it bears the name of a host.</summary>
    public X509Certificate2 ForClient(params string[] names) => Issue(names, ClientUse, expired: false);

    public void Dispose()
    {
        Certificate.Dispose();
        _signing.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Issue(string[] names, string use, bool expired)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={names.FirstOrDefault("client")}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        if (names.Length > 0)
        {
            request.CertificateExtensions.Add(Names(names));
        }

        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 signed = request.Create(_signing, now.AddDays(-30), now.AddDays(expired ? -1 : 30), Guid.NewGuid().ToByteArray());
        using X509Certificate2 whole = signed.CopyWithPrivateKey(key);

        // Not every platform takes a key for TLS that exists in memory only.
        return new X509Certificate2(whole.Export(X509ContentType.Pfx));
    }

    private static X509Extension Names(string[] names)
    {
        SubjectAlternativeNameBuilder builder = new();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                builder.AddIpAddress(address);
            }
            else
            {
                builder.AddDnsName(name);
            }
        }

        return builder.Build();
    }
}
