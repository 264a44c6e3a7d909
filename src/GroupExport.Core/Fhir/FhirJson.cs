using System.Runtime.Loader;
using System.Text.Json;
using Hl7.Fhir.Introspection;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Utility;
using Hl7.Fhir.Validation;

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
    /// <param name="fault">What the library found, when it couldn't.</param>
    /// <returns>The resource; null when the library cannot hold it.</returns>
    public static object? ReadResource(ReadOnlySpan<byte> json, out ReadingFault? fault)
    {
        fault = null;
        try
        {
            if (JsonSerializer.Deserialize<Resource>(json, s_lossless.Value) is { } resource)
            {
                return resource;
            }

            fault = new ReadingFault(["null"], Position: null, Member: null);
        }
        catch (DeserializationFailedException failure)
        {
            string[] codes = [.. failure.Exceptions.Select(found => found.ErrorCode).Distinct().Order(StringComparer.Ordinal)];
            fault = new ReadingFault(codes, Position: null, failure.Exceptions.OfType<ExtendedCodedException>().FirstOrDefault()?.InstancePath);
        }
        catch (JsonException failure)
        {
            fault = new ReadingFault([nameof(JsonException)], failure.LineNumber is null or 0 ? failure.BytePositionInLine - 1 : null, Member: null);
        }
        catch (CodedException failure)
        {
            fault = new ReadingFault([failure.ErrorCode], Position: null, (failure as CodedValidationException)?.MemberName);
        }
        catch (Exception failure) when (failure is not (OutOfMemoryException or OperationCanceledException))
        {
            // The library fails with exceptions of any type on JSON that it does not expect, such as IndexOutOfRangeException.
            fault = new ReadingFault([failure.GetType().Name], Position: null, Member: null);
        }

        return null;
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

/// <summary>Represents what the FHIR library found in a resource that it can't hold. Its words would show what stands in the resource.</summary>
/// <param name="Codes">The library's codes, or the name of its exception.</param>
/// <param name="Position">Where it stopped, in bytes; null when it doesn't say.</param>
/// <param name="Member">The path of the member, unchecked; null when it doesn't say.</param>
internal sealed record ReadingFault(IReadOnlyList<string> Codes, long? Position, string? Member);
