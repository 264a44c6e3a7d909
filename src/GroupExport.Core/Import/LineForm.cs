using System.Text;
using GroupExport.Fhir;

namespace GroupExport.Import;

/// <summary>Makes of lines what was asked for.</summary>
/// <param name="types">The resource types that are wanted; empty for all.</param>
/// <param name="forObject">Whether PowerShell objects are to be made of them.</param>
internal abstract class LineForm(IReadOnlySet<string> types, bool forObject = false)
{
    protected ResourceScan Scan { get; } = new(forObject);

    public static LineForm Of(ImportForm form, ImportKind kind, IReadOnlySet<string> types) => (form, kind) switch
    {
        (ImportForm.Object, ImportKind.Deleted) => new Deletions(types),
        (_, ImportKind.Deleted) when types.Count > 0 => new DeletionLines(types, Of(form, ImportKind.Output, new HashSet<string>())),
        (ImportForm.Object, _) => new Objects(types),
        (ImportForm.Json, _) => new Texts(types),
        _ => new FhirResources(types),
    };

    /// <summary>Adds what comes of a line that is not blank: nothing, what was asked for, or a <see cref="BrokenLine"/>.</summary>
    public abstract void Read(ReadOnlySpan<byte> line, long number, List<object> into);

    /// <summary>Looks at a line; a broken one is added as such.</summary>
    protected bool TryScan(ReadOnlySpan<byte> line, long number, List<object> into)
    {
        if (Scan.Read(line) is not { } fault)
        {
            return true;
        }

        into.Add(new BrokenLine(number, fault));
        return false;
    }

    protected bool IsWanted(string type) => types.Count == 0 || types.Contains(type);

    private sealed class Objects(IReadOnlySet<string> types) : LineForm(types, forObject: true)
    {
        public override void Read(ReadOnlySpan<byte> line, long number, List<object> into)
        {
            if (TryScan(line, number, into) && IsWanted(Scan.Type))
            {
                into.Add(Scan.ObjectFault is { } fault ? new BrokenLine(number, fault) : new ResourceLine(Scan.Type, line.ToArray(), Scan.Members));
            }
        }
    }

    private sealed class Texts(IReadOnlySet<string> types) : LineForm(types)
    {
        public override void Read(ReadOnlySpan<byte> line, long number, List<object> into)
        {
            if (TryScan(line, number, into) && IsWanted(Scan.Type))
            {
                into.Add(Encoding.UTF8.GetString(line));
            }
        }
    }

    private sealed class FhirResources(IReadOnlySet<string> types) : LineForm(types)
    {
        public override void Read(ReadOnlySpan<byte> line, long number, List<object> into)
        {
            if (TryScan(line, number, into) && IsWanted(Scan.Type))
            {
                into.Add(FhirLine.Read(line) is { } lost ? new BrokenLine(number, lost) : Parse(line, number));
            }
        }

        private static object Parse(ReadOnlySpan<byte> line, long number)
        {
            object? resource = FhirJson.ReadResource(line, out ReadingFault? fault);
            string? member = fault?.Position is { } position ? MemberPath.Of(line, position) : MemberPath.Shown(fault?.Member);
            return resource ?? new BrokenLine(number, ImportFaults.NotFhir(fault?.Codes ?? [], member));
        }
    }
}
