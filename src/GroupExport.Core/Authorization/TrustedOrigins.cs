using GroupExport.Http;

namespace GroupExport.Authorization;

/// <summary>The connection's own origin and those that the user named beside it: nobody else ever gets the token.</summary>
internal sealed class TrustedOrigins(Origin own, IEnumerable<Origin> named)
{
    private readonly HashSet<Origin> _trusted = [own, .. named];

    public bool IsOwn(Uri uri) => Origin.Of(uri) == own;

    public bool IsTrusted(Uri uri) => _trusted.Contains(Origin.Of(uri));

    public bool MayHaveToken(Uri uri, TokenRule rule) => rule switch
    {
        TokenRule.OwnOrigin => IsOwn(uri),
        TokenRule.TrustedOrigins => IsTrusted(uri),
        _ => false,
    };

    /// <summary>Who gets the token sees the client certificate too; and the own origin even where the token is not wanted.</summary>
    public bool MayHaveCertificate(Uri uri, TokenRule rule) => MayHaveToken(uri, rule) || (rule == TokenRule.CertificateOnly && IsOwn(uri));
}
