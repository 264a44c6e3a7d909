using System.Xml;
using System.Xml.Linq;
using GroupExport.Fhir;

namespace GroupExport.Http;

/// <summary>Reads what an XML body says of a request: OperationOutcome (FHIR R4, XML), problem details (RFC 7807, appendix A), and storage services.</summary>
internal static class XmlExplanations
{
    private const int MaxIssues = 100;

    private const string Fhir = "http://hl7.org/fhir";

    /// <summary>No document type, no entities, nothing fetched.</summary>
    private static readonly XmlReaderSettings s_settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersFromEntities = 1 };

    /// <summary>Returns null when the body is not XML.</summary>
    public static Explanation? Of(WireBody body)
    {
        if (!body.StartsLike("<"u8))
        {
            return null;
        }

        try
        {
            using XmlReader reader = XmlReader.Create(new StringReader(body.Text.TrimStart()), s_settings);
            return Of(XDocument.Load(reader).Root!);
        }
        catch (XmlException)
        {
            // Markup that is neither: nothing of it is worth showing.
            return new Explanation(AnswerForm.Page);
        }
    }

    private static Explanation Of(XElement root)
    {
        OutcomeIssue[] issues = [.. root.DescendantsAndSelf().Where(element => Is(element, "OperationOutcome")).SelectMany(outcome => Children(outcome, "issue")).Take(MaxIssues).Select(ToIssue)];
        if (issues.Length > 0)
        {
            return new Explanation(AnswerForm.Outcome) { Issues = issues, ResourceType = root.Name.LocalName };
        }

        if (root.Name.NamespaceName == Fhir)
        {
            return new Explanation(AnswerForm.Resource) { ResourceType = root.Name.LocalName };
        }

        if (Is(root, "problem") && (Text(root, "title") ?? Text(root, "detail")) is { } said)
        {
            string? detail = Text(root, "detail");
            return new Explanation(AnswerForm.Problem) { Issues = [new OutcomeIssue("error", "unknown", detail is null || detail == said ? said : $"{said.TrimEnd('.')}: {detail}")] };
        }

        // Amazon S3, Azure Storage and Google Cloud Storage: <Error><Code/><Message/>. What else they write can be the string that was to be signed.
        string? words = Is(root, "Error") ? Text(root, "Message") ?? Text(root, "Code") : root.Descendants().FirstOrDefault(element => Is(element, "faultstring"))?.Value;
        return words is null ? new Explanation(AnswerForm.Page) : new Explanation(AnswerForm.Message) { Words = words };
    }

    private static OutcomeIssue ToIssue(XElement issue)
    {
        XElement? details = Children(issue, "details").FirstOrDefault();
        XElement? coding = details is null ? null : Children(details, "coding").FirstOrDefault();
        string severity = Value(issue, "severity")?.ToLowerInvariant() ?? "error";
        string code = Value(issue, "code") ?? "unknown";
        return new OutcomeIssue(
            severity is "fatal" or "warning" or "information" or "success" ? severity : "error",
            code,
            Value(details, "text") ?? Value(issue, "diagnostics") ?? Value(coding, "display") ?? code);
    }

    private static bool Is(XElement element, string name) => element.Name.LocalName == name;

    private static IEnumerable<XElement> Children(XElement element, string name) => element.Elements().Where(child => Is(child, name));

    /// <summary>The value of a FHIR primitive, which is an attribute.</summary>
    private static string? Value(XElement? element, string name) =>
        element is null ? null : Children(element, name).Select(child => child.Attribute("value")?.Value).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));

    private static string? Text(XElement element, string name) =>
        Children(element, name).Select(child => child.Value).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
}
