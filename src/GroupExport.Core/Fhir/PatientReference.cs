using System.Text.RegularExpressions;

namespace GroupExport.Fhir;

/// <summary>How a patient is written in a request: <c>Patient/{id}</c>, or an absolute URL that ends so (FHIR R4, references).</summary>
public static partial class PatientReference
{
    /// <summary>Says whether a text is a reference to a Patient, relative or absolute.</summary>
    public static bool IsReference(string text) => Reference().IsMatch(text);

    /// <summary>Says whether a text has the form of a resource id (FHIR R4: letters, digits, hyphen and dot, 64 at most).</summary>
    public static bool IsId(string text) => Id().IsMatch(text);

    /// <summary>Makes an absolute reference below <paramref name="fhirBase"/> relative, so that one patient has one spelling; others stay as they are.</summary>
    public static string Relative(string reference, Uri fhirBase) =>
        reference.StartsWith(fhirBase.AbsoluteUri, StringComparison.OrdinalIgnoreCase) ? reference[fhirBase.AbsoluteUri.Length..] : reference;

    /// <summary>Replaces every Patient reference in a text by <c>Patient/…</c>.</summary>
    public static string Mask(string text) => Anywhere().Replace(text, "Patient/…");

    [GeneratedRegex(@"^(https?://[^\s,?#]+/)?Patient/[A-Za-z0-9\-.]{1,64}\z")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^[A-Za-z0-9\-.]{1,64}\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"Patient(/|%2F)[A-Za-z0-9\-._~]+", RegexOptions.IgnoreCase)]
    private static partial Regex Anywhere();
}
