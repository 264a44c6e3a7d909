using GroupExport.Sandbox.KickOffs;

namespace GroupExport.Sandbox.Selection;

/// <summary>A value of <c>_elements</c>: a root element of one resource type, or of every type.</summary>
/// <param name="ResourceType">Null for every type.</param>
/// <param name="Element">The element without the type suffix of a choice (<c>value</c>, not <c>valueQuantity</c>).</param>
internal readonly record struct ElementName(string? ResourceType, string Element)
{
    public static bool TryParse(string value, out ElementName name)
    {
        var dot = value.IndexOf('.', StringComparison.Ordinal);
        name = dot < 0 ? new(null, value) : new(value[..dot], value[(dot + 1)..]);
        return FhirNames.IsRootElement(name.Element) && (name.ResourceType is null || FhirNames.IsResourceType(name.ResourceType));
    }
}
