using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Linq.Expressions;
using System.Management.Automation;
using GroupExport.Import;

namespace GroupExport.Resources;

/// <summary>Makes of lines the objects that ConvertFrom-Json would make of them, but that each property is read when it is asked for.</summary>
internal static class ResourceObjects
{
    /// <summary>The type name of all resources, for views.</summary>
    private const string TypeName = "GroupExport.Resource";

    private static readonly ConcurrentDictionary<string, string> s_typeNames = new();
    private static readonly Func<int, PSObject> s_make = Maker();

    /// <summary>A resource, which has type names of its own besides that of all objects.</summary>
    public static PSObject Of(ResourceLine resource)
    {
        PSObject made = WithRoom(resource.Members.Length);
        PSMemberInfoCollection<PSPropertyInfo> properties = made.Properties;
        foreach (JsonMember member in resource.Members)
        {
            properties.Add(new LazyProperty(member.Name, resource.Json, member.Start, member.End), preValidated: true);
        }

        Collection<string> names = made.TypeNames;
        names.Insert(0, TypeName);
        names.Insert(0, s_typeNames.GetOrAdd(resource.Type, static type => $"{TypeName}#{type}"));
        return made;
    }

    /// <summary>An object with room for so many properties.</summary>
    public static PSObject WithRoom(int properties) => s_make(properties);

    /// <summary>Calls the constructor for it, which PowerShell 7 has and its reference library has not.</summary>
    private static Func<int, PSObject> Maker()
    {
        ParameterExpression room = Expression.Parameter(typeof(int));
        return typeof(PSObject).GetConstructor([typeof(int)]) is { } constructor
            ? Expression.Lambda<Func<int, PSObject>>(Expression.New(constructor, room), room).Compile()
            : _ => new PSObject();
    }
}
