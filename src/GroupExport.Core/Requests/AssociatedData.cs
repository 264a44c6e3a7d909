using GroupExport.Fhir;

namespace GroupExport.Requests;

/// <summary>One value of <c>includeAssociatedData</c>: a code, or <c>system|code</c> (Bulk Data Access 2, "includeAssociatedData"; a Coding in version 4).</summary>
/// <param name="System">Where the code is defined; null when that is not known.</param>
/// <param name="Code">The code.</param>
internal sealed record AssociatedData(string? System, string Code)
{
    private const string Parameter = "IncludeAssociatedData";

    /// <summary>The code system of the standard; its value set is extensible.</summary>
    private const string PublishedSystem = "http://hl7.org/fhir/uv/bulkdata/CodeSystem/include-associated-data";

    private static readonly string[] s_published = ["LatestProvenanceResources", "RelevantProvenanceResources"];

    /// <summary>What somebody should look at: a code that is neither of the standard nor marked as the server's own; null when there is nothing.</summary>
    public string? Caution
    {
        get
        {
            if (System is not null || Code.StartsWith('_'))
            {
                return null;
            }

            IReadOnlyList<string> near = NearMatches.Of(Code, s_published);
            string hint = near.Count == 0 ? "" : $" Did you mean {string.Join(" or ", near)}?";
            return $"'{Code}' is no preset of Bulk Data Access ({string.Join(", ", s_published)}), and presets of a server begin with an underscore.{hint} Servers may pass over what they do not know.";
        }
    }

    /// <summary>Reads one value; the codes of the standard get its system.</summary>
    /// <exception cref="ExportException">It is no code; nothing was sent.</exception>
    public static AssociatedData Read(string text)
    {
        if (text.Contains(','))
        {
            throw Broken(text, $"holds a comma. Pass several presets as an array: -{Parameter} {string.Join(", ", s_published)}");
        }

        string[] parts = text.Split('|');
        string code = parts[^1];
        if (parts.Length > 2 || code.Length == 0 || code.Any(character => char.IsWhiteSpace(character) || char.IsControl(character)))
        {
            throw Broken(text, $"is no code. Write {s_published[0]}, a code of the server such as _notes, or system|code");
        }

        if (parts.Length == 1)
        {
            return new AssociatedData(s_published.Contains(code) ? PublishedSystem : null, code);
        }

        return Uri.TryCreate(parts[0], UriKind.Absolute, out _) && !parts[0].Any(char.IsWhiteSpace)
            ? new AssociatedData(parts[0], code)
            : throw Broken(text, "has a system that is no absolute URI. Write it whole, such as https://fhir.example.org/presets|notes");
    }

    private static ExportException Broken(string text, string why) =>
        new(ExportErrorKind.InvalidParameter, $"-{Parameter} '{text}' {why}. Nothing was sent.") { Subject = Parameter };
}
