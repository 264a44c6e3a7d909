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

    /// <summary>Takes what R4 does not know or allow as long as the objects can hold it, so that it is written again as it was read.</summary>
    private static readonly Lazy<JsonSerializerOptions> s_lossless = new(() => Prepare().UsingMode(DeserializationMode.Recoverable));

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

    /// <summary>Reads a resource of any type as the FHIR library's own object, as long as nothing of it is lost on the way.</summary>
    /// <param name="json">The resource, UTF-8.</param>
    /// <param name="codes">The library's codes for what it found, when it could not; its words would show what stands in the resource.</param>
    /// <returns>The resource; null when the library cannot hold it.</returns>
    public static object? ReadResource(ReadOnlySpan<byte> json, out IReadOnlyList<string> codes)
    {
        codes = [];
        try
        {
            return JsonSerializer.Deserialize<Resource>(json, s_lossless.Value);
        }
        catch (DeserializationFailedException failure)
        {
            codes = [.. failure.Exceptions.Select(fault => fault.ErrorCode).Distinct().Order(StringComparer.Ordinal)];
            return null;
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or InvalidOperationException or ArgumentException or FormatException)
        {
            codes = [failure.GetType().Name];
            return null;
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
