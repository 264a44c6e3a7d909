using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace GroupExport.Input;

/// <summary>Takes off what PowerShell puts around a value.</summary>
internal static class Plain
{
    /// <summary>The value itself; an object of properties alone (PSCustomObject) has nothing else in it.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    public static object? Of(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
