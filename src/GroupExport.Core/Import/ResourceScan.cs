using System.Text.Json;
using System.Text.Unicode;
using GroupExport.Ndjson;

namespace GroupExport.Import;

/// <summary>Looks at a line: whether it is one resource, of which type, and where its properties lie. One after the other.</summary>
/// <param name="forObject">Whether PowerShell objects are to be made of the lines.</param>
internal sealed class ResourceScan(bool forObject)
{
    private readonly List<JsonMember> _members = [];
    private readonly NameTable _types = new();

    /// <summary>The properties of the line that was looked at last.</summary>
    public JsonMember[] Members => [.. _members];

    /// <summary>Its resourceType.</summary>
    public string Type { get; private set; } = "";

    /// <summary>Why no PowerShell object can be made of it, though it is a resource; null when one can.</summary>
    public string? ObjectFault { get; private set; }

    /// <summary>Whether a line holds nothing.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> line) => line.TrimStart(" \t\r"u8).IsEmpty;

    /// <returns>What is wrong with the line, else null.</returns>
    public string? Read(ReadOnlySpan<byte> line)
    {
        _members.Clear();
        try
        {
            if (!Utf8.IsValid(line))
            {
                return Words(line);
            }

            ObjectFault = JsonObjectScan.Read(line, forObject, _members);
            return ReadType(line);
        }
        catch (JsonException)
        {
            return Words(line);
        }
    }

    /// <summary>Where the value of a property lies in the line that was looked at last; empty when it has no such property.</summary>
    public ReadOnlySpan<byte> ValueOf(string name, ReadOnlySpan<byte> line)
    {
        foreach (JsonMember member in _members)
        {
            if (member.Name == name)
            {
                return line[member.Start..member.End];
            }
        }

        return default;
    }

    private string? ReadType(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> value = ValueOf("resourceType", line);
        if (value.IsEmpty)
        {
            return LineFaults.NoType;
        }

        if (value[0] != (byte)'"')
        {
            return LineFaults.TypeIsNoString;
        }

        ReadOnlySpan<byte> type = value[1..^1];
        Type = _types.Find(type, isEscaped: type.Contains((byte)'\\')).Name;
        return null;
    }

    /// <summary>Those of the check that files go through when they are saved; the runtime's own would show what stands in the line.</summary>
    private static string Words(ReadOnlySpan<byte> line)
    {
        NdjsonScan scan = new(expectedType: null, hasHeaders: true, maxLineBytes: long.MaxValue);
        scan.Add(line);
        scan.Complete();
        return scan.Findings is [var finding, ..] ? finding.What : ImportFaults.Unreadable;
    }
}
