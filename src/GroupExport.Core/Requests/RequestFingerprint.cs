using System.Security.Cryptography;
using System.Text;

namespace GroupExport.Requests;

/// <summary>Tells whether two requests ask for the same, without telling what they ask for: a salted SHA-256, <c>salt.hash</c> in hexadecimal.</summary>
/// <remarks>Order and the time of sending do not count. The salt keeps short lists of patients from being guessed.</remarks>
internal static class RequestFingerprint
{
    private const int SaltBytes = 16;

    public static string Create(ExportRequest request, string server) =>
        Compute(request, server, RandomNumberGenerator.GetBytes(SaltBytes));

    /// <summary>Says whether a request is the one that a fingerprint was made of.</summary>
    public static bool Matches(string fingerprint, ExportRequest request, string server)
    {
        string[] parts = fingerprint.Split('.');
        return parts is [{ Length: 2 * SaltBytes } salt, _] && salt.All(char.IsAsciiHexDigit) && Compute(request, server, Convert.FromHexString(salt)) == fingerprint;
    }

    /// <summary>
    /// The same for what is exported but for the span of time: server, group, types, filters, elements and all else that decides what comes, without patients.
    /// Two hashes are needed, because the next run of an incremental export has another <c>_since</c> and so another fingerprint, but must have the same scope.
    /// </summary>
    public static string CreateScope(ExportRequest request, string server) => Create(Timeless(request), server);

    /// <summary>Says whether a request exports what a scope was made of, at whatever time.</summary>
    public static bool MatchesScope(string scope, ExportRequest request, string server) => Matches(scope, Timeless(request), server);

    private static ExportRequest Timeless(ExportRequest request) =>
        request with { Patients = [], Since = null, Until = null, OutputFormat = null, AllowPartialManifests = null };

    private static string Compute(ExportRequest request, string server, byte[] salt)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(salt);
        Append("server", [server]);
        Append("group", [request.GroupId]);
        Append("patient", request.Patients);
        Append("_type", request.Types);
        Append("_typeFilter", request.TypeFilters);
        Append("_elements", request.Elements);
        Append("includeAssociatedData", request.IncludeAssociatedData);
        Append("organizeOutputBy", [request.OrganizeOutputBy]);
        Append("_outputFormat", [request.OutputFormat]);
        Append("_since", [request.Since]);
        Append("_until", [request.Until]);
        Append("allowPartialManifests", [request.AllowPartialManifests?.ToString()]);
        Append("handling", [request.IsLenient ? "lenient" : null]);
        Append("test", [request.Envelope.Test?.ToString()]);
        Append("facility", [request.Envelope.FacilityCode]);
        Append("source", [request.Envelope.Source?.ToString()]);
        Append("destinations", request.Envelope.Destinations.Select(destination => destination.ToString()));
        return Convert.ToHexString(salt) + "." + Convert.ToHexString(hash.GetHashAndReset());

        // Length-prefixed, so that no two different requests run together to the same text.
        void Append(string name, IEnumerable<string?> values)
        {
            foreach (string value in values.OfType<string>().Order(StringComparer.Ordinal))
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{name.Length}:{name}{value.Length}:{value}"));
            }
        }
    }
}
