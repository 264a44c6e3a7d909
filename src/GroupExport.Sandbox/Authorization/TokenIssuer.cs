using System.Security.Cryptography;
using System.Text;

namespace GroupExport.Sandbox.Authorization;

/// <summary>Issues tokens that mean nothing outside, and remembers only their hashes.</summary>
internal sealed class TokenIssuer(TimeSpan lifetime, TimeProvider clock) : ITokens
{
    // Long enough to tell a client that its token has expired, rather than that it is unknown.
    private static readonly TimeSpan s_memory = TimeSpan.FromHours(1);

    private readonly object _lock = new();
    private readonly Dictionary<string, IssuedToken> _issued = new(StringComparer.Ordinal);

    public TimeSpan Lifetime => lifetime;

    public string Issue(ScopeSet scopes)
    {
        var token = Base64Url.Encode(RandomNumberGenerator.GetBytes(32));
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            foreach (var old in _issued.Where(issued => now - issued.Value.Expires > s_memory).Select(issued => issued.Key).ToList())
            {
                _issued.Remove(old);
            }

            _issued.Add(Hash(token), new IssuedToken(scopes, now + lifetime));
        }

        return token;
    }

    public IssuedToken? Find(string token)
    {
        lock (_lock)
        {
            return _issued.GetValueOrDefault(Hash(token));
        }
    }

    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
