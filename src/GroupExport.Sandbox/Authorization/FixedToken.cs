using System.Security.Cryptography;
using System.Text;

namespace GroupExport.Sandbox.Authorization;

/// <summary>The one token of <see cref="SandboxOptions.AccessToken"/>: it allows to read everything, for ever.</summary>
internal sealed class FixedToken(string token) : ITokens
{
    private static readonly IssuedToken s_issued = new(ScopeSet.ReadAll, DateTimeOffset.MaxValue);

    public IssuedToken? Find(string sent) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(token)) ? s_issued : null;
}
