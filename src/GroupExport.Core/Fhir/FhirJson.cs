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
    /// <summary>Takes what R4 does not know or allow as long as the objects can hold it, so that it is written again as it was read.</summary>
    private static readonly Lazy<JsonSerializerOptions> s_lossless = new(() => Prepare().UsingMode(DeserializationMode.Recoverable));

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
