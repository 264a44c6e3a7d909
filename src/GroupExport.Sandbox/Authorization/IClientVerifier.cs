using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Authorization;

/// <summary>Finds out whether a token request comes from the registered client.</summary>
internal interface IClientVerifier
{
    /// <summary>The name of the method in discovery (RFC 8414, 2).</summary>
    string Method { get; }

    /// <summary>The capability in discovery (SMART App Launch, conformance).</summary>
    string Capability { get; }

    /// <summary>The algorithms of assertions; none when the method knows no assertion.</summary>
    IReadOnlyList<string> Algorithms { get; }

    /// <summary>The fields of a request, all others are refused.</summary>
    IReadOnlyList<string> Fields { get; }

    /// <summary>Returns when the client is who it claims to be.</summary>
    /// <exception cref="TokenRefusedException">It is not.</exception>
    void Verify(Arrival arrival, TokenForm form, string tokenUrl);
}
