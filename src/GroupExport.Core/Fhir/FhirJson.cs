using System.Runtime.Loader;
using System.Text.Json;
using Hl7.Fhir.Introspection;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace GroupExport.Fhir;

/// <summary>The one place where the FHIR SDK is loaded.</summary>
/// <remarks>
/// The SDK finds its own parts with <c>Assembly.Load</c> from code that runs in the default load context, where PowerShell keeps no copy of them,
/// and it caches the failure for the life of the process. Both inspectors are therefore built inside contextual reflection of this assembly's
/// own context, before anything else of the SDK is touched.
/// </remarks>
internal static class FhirJson
{
    private static readonly Lazy<JsonSerializerOptions> s_options = new(Prepare);

    /// <summary>Reads the issues of an OperationOutcome; empty when the text is not one.</summary>
    public static IReadOnlyList<OutcomeIssue> ReadIssues(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Resource>(json, s_options.Value) is OperationOutcome outcome
                ? [.. outcome.Issue.Select(ToIssue)]
                : [];
        }
        catch (DeserializationFailedException failure) when (failure.PartialResult is OperationOutcome partial)
        {
            return [.. partial.Issue.Select(ToIssue)];
        }
        catch (Exception failure) when (failure is JsonException or DeserializationFailedException or NotSupportedException or InvalidOperationException)
        {
            // InvalidOperationException: the SDK's word for JSON that is no object.
            return [];
        }
    }

    private static OutcomeIssue ToIssue(OperationOutcome.IssueComponent issue) => new(
        Literal(issue.SeverityElement) ?? "error",
        Literal(issue.CodeElement) ?? "unknown",
        FirstText(issue.Details?.Text, issue.Diagnostics, issue.Details?.Coding.FirstOrDefault()?.Display, Literal(issue.CodeElement)));

    /// <summary>The code as it was written: the SDK throws when a code that R4 does not know is read as an enum.</summary>
    private static string? Literal(PrimitiveType? code) => code?.JsonValue as string;

    private static string FirstText(params string?[] candidates) =>
        candidates.FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? "no further details";

    private static JsonSerializerOptions Prepare()
    {
        AssemblyLoadContext own = AssemblyLoadContext.GetLoadContext(typeof(FhirJson).Assembly)!;
        using (own.EnterContextualReflection())
        {
            _ = ModelInfo.ModelInspector;
            _ = ModelInspector.Base;
            return new JsonSerializerOptions().ForFhir(ModelInfo.ModelInspector);
        }
    }
}
