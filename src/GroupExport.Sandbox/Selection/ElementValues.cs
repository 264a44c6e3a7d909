using System.Text.Json;

namespace GroupExport.Sandbox.Selection;

/// <summary>Finds the values at element paths such as <c>meta.lastUpdated</c>; arrays give each of their items.</summary>
internal static class ElementValues
{
    public static IEnumerable<JsonElement> At(JsonElement resource, IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            var value = resource;
            if (path.Split('.').All(name => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out value)))
            {
                if (value.ValueKind != JsonValueKind.Array)
                {
                    yield return value;
                    continue;
                }

                foreach (var item in value.EnumerateArray())
                {
                    yield return item;
                }
            }
        }
    }
}
