namespace GroupExport.Sandbox.Authorization;

/// <summary>The fields that token requests may have (RFC 6749, RFC 7521).</summary>
internal static class TokenFields
{
    public const string GrantType = "grant_type";
    public const string Scope = "scope";
    public const string AssertionType = "client_assertion_type";
    public const string Assertion = "client_assertion";

    private static readonly string[] s_public = [GrantType, Scope, AssertionType];
    private static readonly string[] s_secret = [Assertion, "client_id", "client_secret", "refresh_token", "username", "password", "code"];

    /// <summary>True when the value is no secret.</summary>
    public static bool IsPublic(string name) => s_public.Contains(name);

    /// <summary>A name that is not known may be a piece of a secret.</summary>
    public static bool IsKnown(string name) => s_public.Contains(name) || s_secret.Contains(name);
}
