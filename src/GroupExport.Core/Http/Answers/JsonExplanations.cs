using System.Text.Json;
using System.Text.RegularExpressions;
using GroupExport.Fhir;
using GroupExport.Json;

namespace GroupExport.Http;

/// <summary>Reads what a JSON body says of a request: FHIR, Redox, problem details, OAuth, and the messages of gateways and storage services.</summary>
internal static partial class JsonExplanations
{
    private const int MaxTexts = 20;

    /// <summary>The members in which services other than FHIR servers put a sentence for people.</summary>
    private static readonly string[] s_messages = ["message", "Message", "error_description", "errorMessage", "detail", "title", "description", "faultstring", "error", "reason"];

    private static readonly string[] s_wrappers = ["error", "Error", "errors", "fault"];

    /// <summary>Returns null when the body is not JSON.</summary>
    public static Explanation? Of(WireBody body)
    {
        using JsonDocument? document = body.ParseJson(out _);
        if (document is null)
        {
            return null;
        }

        JsonElement root = document.RootElement;
        if (root.ValueKind == JsonValueKind.String)
        {
            return PlainExplanations.OfText(root.GetString()!);
        }

        return Of(root, isProblem: body.MediaType == "application/problem+json") with { ResourceType = root.Text("resourceType"), LogIds = RedoxLogIds.Of(root) };
    }

    private static Explanation Of(JsonElement root, bool isProblem)
    {
        if (Redox(root) is { Length: > 0 } redox)
        {
            return new Explanation(AnswerForm.Redox) { Issues = redox };
        }

        if (OutcomeReader.Find(root) is { Count: > 0 } issues)
        {
            return new Explanation(AnswerForm.Outcome) { Issues = issues };
        }

        if (root.Has("resourceType"))
        {
            return new Explanation(AnswerForm.Resource);
        }

        if (root.Text("error") is { } code && OAuthCode().IsMatch(code) && !root.Has("path"))
        {
            string text = root.Text("error_description") is { } description ? $"{code}: {description}" : code;
            return new Explanation(AnswerForm.OAuth) { Issues = [new OutcomeIssue("error", code, text)] };
        }

        if (Problem(root, isProblem) is { Length: > 0 } problem)
        {
            return new Explanation(AnswerForm.Problem) { Issues = problem };
        }

        return Message(root) is { } message ? new Explanation(AnswerForm.Message) { Words = message } : new Explanation(AnswerForm.Json);
    }

    /// <summary>
    /// The errors in the envelope. The destination may do better later unless it answered otherwise: no status means that the way to it broke.
    /// </summary>
    private static OutcomeIssue[] Redox(JsonElement root) =>
    [
        .. root.Member("Meta").Items("Errors").Where(item => item.ValueKind == JsonValueKind.Object).Take(MaxTexts).Select(error =>
        {
            long? code = error.Count("DestinationStatusCode");
            return new OutcomeIssue("error", error.Text("Type") ?? "unknown", error.Text("Text") ?? "no further details")
            {
                DestinationStatusCode = code is >= 100 and < 600 ? (int)code : null,
                IsTransient = code is null or 408 or 429 or (>= 500 and < 600),
            };
        }),
    ];

    private static OutcomeIssue[] Problem(JsonElement root, bool isNamed)
    {
        List<string> texts = [];
        string? title = root.Text("title");
        string? detail = root.Text("detail");
        bool isProblem = isNamed || (title is not null && (detail is not null || root.Has("status") || root.Has("type")));
        if (isProblem && (title ?? detail) is not null)
        {
            texts.Add(title is null || detail is null ? title ?? detail! : $"{title.TrimEnd('.')}: {detail}");
        }

        // ASP.NET: a member for each field, "" for the request itself; RFC 9457, 3.2: an array of problems.
        JsonElement errors = root.Member("errors");
        if (errors.ValueKind == JsonValueKind.Object)
        {
            texts.AddRange(errors.EnumerateObject().SelectMany(field => errors.Texts(field.Name).Select(text => field.Name.Length == 0 ? text : $"{field.Name}: {text}")));
        }
        else if (isProblem)
        {
            texts.AddRange(root.Items("errors").Select(Sentence).OfType<string>());
        }

        string code = root.Text("code") ?? "unknown";
        return [.. texts.Take(MaxTexts).Select(text => new OutcomeIssue("error", code, text))];
    }

    /// <summary>The first sentence for people, at the top or one level below, as in <c>{"error":{"code":"...","message":"..."}}</c>.</summary>
    private static string? Message(JsonElement element) =>
        Sentence(element)
        ?? s_wrappers.SelectMany(name => element.Items(name)).Select(Sentence).FirstOrDefault(text => text is not null)
        ?? element.Texts("errors").FirstOrDefault();

    private static string? Sentence(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? element.GetString()
        : s_messages.Select(name => element.Text(name)).FirstOrDefault(text => text is not null);

    /// <summary>Codes are words in lower case with underscores; Spring writes "Not Found" into a member of the same name.</summary>
    [GeneratedRegex(@"^[a-z][a-z0-9_.\-]*\z")]
    private static partial Regex OAuthCode();
}
