using System.Reflection;

namespace GroupExport.Help.Cmdlets;

/// <summary>Reads cmdlets from a compiled assembly without running it, over the very references that it was compiled against.</summary>
internal static class CmdletAssembly
{
    private const string Automation = "System.Management.Automation.";

    private static readonly ParameterFacts[] s_shouldProcess =
    [
        new("WhatIf", "SwitchParameter", ["wi"], [], null, false, [new(null, null, false, false, false)], "Shows what would happen if the cmdlet ran. The cmdlet is not run."),
        new("Confirm", "SwitchParameter", ["cf"], [], null, false, [new(null, null, false, false, false)], "Prompts for confirmation before the cmdlet is run."),
    ];

    /// <param name="path">The assembly.</param>
    /// <param name="references">Paths of all assemblies it was compiled against.</param>
    /// <returns>All public cmdlets, by name.</returns>
    public static IReadOnlyList<CmdletFacts> Read(string path, IEnumerable<string> references)
    {
        using MetadataLoadContext context = new(new PathAssemblyResolver([path, .. references]));
        return
        [
            .. context.LoadFromAssemblyPath(path).GetExportedTypes().Where(type => !type.IsAbstract && Attribute(type, "CmdletAttribute") is not null)
                .Select(CmdletOf).OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal),
        ];
    }

    private static CmdletFacts CmdletOf(Type type)
    {
        CustomAttributeData cmdlet = Attribute(type, "CmdletAttribute")!;
        IEnumerable<ParameterFacts> parameters = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => Attribute(property, "ParameterAttribute") is not null).Select(ParameterOf);
        return new CmdletFacts(
            $"{cmdlet.ConstructorArguments[0].Value}-{cmdlet.ConstructorArguments[1].Value}",
            Named<string>(cmdlet, "DefaultParameterSetName"),
            [.. Attributes(type, "OutputTypeAttribute").SelectMany(output => Items(output.ConstructorArguments[0])).Select(item => ((Type)item!).FullName!)],
            [.. parameters, .. Named<bool>(cmdlet, "SupportsShouldProcess") ? s_shouldProcess : []]);
    }

    private static ParameterFacts ParameterOf(PropertyInfo property)
    {
        Type type = ValueTypeOf(property.PropertyType);
        CustomAttributeData? range = Attribute(property, "ValidateRangeAttribute");
        return new ParameterFacts(
            property.Name,
            type.Name,
            TextsOf(property, "AliasAttribute"),
            type.IsEnum ? type.GetEnumNames() : TextsOf(property, "ValidateSetAttribute"),
            range is { ConstructorArguments: [var smallest, var largest] } ? ($"{smallest.Value}", $"{largest.Value}") : null,
            Attribute(property, "SupportsWildcardsAttribute") is not null,
            [.. Attributes(property, "ParameterAttribute").Select(PlaceOf)]);
    }

    private static ParameterPlace PlaceOf(CustomAttributeData parameter) => new(
        Named<string>(parameter, "ParameterSetName"),
        Named<int?>(parameter, "Position"),
        Named<bool>(parameter, "Mandatory"),
        Named<bool>(parameter, "ValueFromPipeline"),
        Named<bool>(parameter, "ValueFromPipelineByPropertyName"));

    private static Type ValueTypeOf(Type type) =>
        type is { IsGenericType: true, Name: "Nullable`1" } ? type.GetGenericArguments()[0] : type;

    private static string[] TextsOf(MemberInfo member, string attribute) =>
        Attribute(member, attribute) is { } found ? [.. Items(found.ConstructorArguments[0]).Cast<string>()] : [];

    private static IEnumerable<object?> Items(CustomAttributeTypedArgument argument) =>
        ((IReadOnlyCollection<CustomAttributeTypedArgument>)argument.Value!).Select(item => item.Value);

    private static T? Named<T>(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.Where(argument => argument.MemberName == name).Select(argument => (T?)argument.TypedValue.Value).FirstOrDefault();

    private static CustomAttributeData? Attribute(MemberInfo member, string name) => Attributes(member, name).FirstOrDefault();

    private static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.GetCustomAttributesData().Where(attribute => attribute.AttributeType.FullName == Automation + name);
}
