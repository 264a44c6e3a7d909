using System.Text;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Authorization;

/// <summary>The fields of a token request; each may stand once, and an empty one counts as left out (RFC 6749, 3.2).</summary>
internal sealed class TokenForm
{
    public const string ContentType = "application/x-www-form-urlencoded";

    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    private TokenForm()
    {
    }

    public static TokenForm Parse(ReadOnlyMemory<byte> body)
    {
        var form = new TokenForm();
        foreach (var (name, value) in QueryString.Parse(Encoding.UTF8.GetString(body.Span)))
        {
            if (!form._fields.TryAdd(name, value))
            {
                throw TokenRefusedException.InvalidRequest(TokenFields.IsKnown(name) ? $"The field {name} stands twice." : "A field stands twice.");
            }
        }

        return form;
    }

    public string? Find(string name) => _fields.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    public string Require(string name) => Find(name) ?? throw TokenRefusedException.InvalidRequest($"The field {name} is missing.");

    public void AllowOnly(IReadOnlyCollection<string> names)
    {
        foreach (var name in _fields.Keys.Where(name => !names.Contains(name)))
        {
            throw TokenRefusedException.InvalidRequest(
                $"{(TokenFields.IsKnown(name) ? $"The field {name}" : "A field")} is not expected here, only {string.Join(", ", names)}.");
        }
    }
}
