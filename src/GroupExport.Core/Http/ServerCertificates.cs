using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GroupExport.Http;

/// <summary>Judges the certificates of servers: by the system's authorities, and by those that the user gave beside them.</summary>
internal sealed class ServerCertificates(IReadOnlyList<X509Certificate2> authorities)
{
    private static readonly Oid s_serverAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <exception cref="CertificateRefusal">The certificate is not accepted: it says why, which a mere "no" would not.</exception>
    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            throw new CertificateRefusal("it shows no certificate");
        }

        // A name that does not match stays an error, whoever signed it.
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            throw new CertificateRefusal("its certificate is for another host name");
        }

        if (authorities.Count == 0)
        {
            throw new CertificateRefusal(Why(chain?.ChainStatus ?? []));
        }

        using X509Chain own = OwnChain(chain);
        using X509Certificate2 leaf = new(certificate);
        return own.Build(leaf) ? true : throw new CertificateRefusal(Why(own.ChainStatus));
    }

    private X509Chain OwnChain(X509Chain? shown)
    {
        X509Chain own = new();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities.ToArray());

        // The authority may sign for clients and for mail too.
        own.ChainPolicy.ApplicationPolicy.Add(s_serverAuthentication);

        // A private authority seldom runs a revocation service.
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (X509ChainElement element in shown?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return own;
    }

    private static string Why(X509ChainStatus[] chain)
    {
        X509ChainStatusFlags faults = chain.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        return faults switch
        {
            _ when faults.HasFlag(X509ChainStatusFlags.NotTimeValid) => "its certificate or its authority's has expired, or is not valid yet",
            _ when faults.HasFlag(X509ChainStatusFlags.Revoked) => "its certificate was revoked",
            _ when faults.HasFlag(X509ChainStatusFlags.NotValidForUsage) => "its certificate is not made for a server",
            _ when (faults & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0 =>
                "its certificate comes from an authority that is not trusted here; a private one is named with -CertificateAuthority",
            _ => $"its certificate is not valid ({faults})",
        };
    }
}
