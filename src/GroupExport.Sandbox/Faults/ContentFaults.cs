using System.Text;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.Jobs;

namespace GroupExport.Sandbox.Faults;

/// <summary>Changes what a file holds, for one request.</summary>
internal sealed class ContentFaults(FaultPlan plan)
{
    private const byte LineFeed = (byte)'\n';
    private static readonly byte[] s_outcome = Encoding.UTF8.GetBytes("{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"exception\",\"diagnostics\":\"The file cannot be read.\"}]}\n");
    private static readonly byte[] s_otherType = Encoding.UTF8.GetBytes("{\"resourceType\":\"Basic\",\"id\":\"wrong-type\",\"code\":{\"text\":\"wrong type\"}}\n");

    private static readonly (SandboxFault Fault, Func<byte[], byte[]> Change)[] s_changes =
    [
        (SandboxFault.OutcomeInsteadOfFile, _ => s_outcome),
        (SandboxFault.EmptyFile, _ => []),
        (SandboxFault.WrongType, bytes => [.. s_otherType, .. bytes.AsSpan(Array.IndexOf(bytes, LineFeed) + 1)]),
        (SandboxFault.BrokenJson, BreakLastLine),
        (SandboxFault.CarriageReturns, bytes => EndLinesWith(bytes, "\r\n"u8)),
        (SandboxFault.BlankLines, bytes => EndLinesWith(bytes, "\n\n"u8)),
        (SandboxFault.NoFinalNewline, bytes => bytes.AsSpan().TrimEnd(LineFeed).ToArray()),
        (SandboxFault.ByteOrderMark, bytes => [0xEF, 0xBB, 0xBF, .. bytes]),
    ];

    /// <summary>The file as it is, or another one with the same name.</summary>
    public ExportFile Apply(ExportFile file)
    {
        foreach (var (fault, change) in s_changes)
        {
            if (plan.Fires(fault))
            {
                file = file.With(new ByteSegments(change(file.Identity.Bytes.ToArray())));
            }
        }

        return file;
    }

    private static byte[] BreakLastLine(byte[] bytes)
    {
        var end = bytes.AsSpan().TrimEnd(LineFeed).Length;
        var start = bytes.AsSpan(0, end).LastIndexOf(LineFeed) + 1;
        return [.. bytes.AsSpan(0, start + ((end - start) / 2)), LineFeed];
    }

    private static byte[] EndLinesWith(byte[] bytes, ReadOnlySpan<byte> ending)
    {
        var changed = new MemoryStream(bytes.Length);
        foreach (var value in bytes)
        {
            if (value == LineFeed)
            {
                changed.Write(ending);
            }
            else
            {
                changed.WriteByte(value);
            }
        }

        return changed.ToArray();
    }
}
