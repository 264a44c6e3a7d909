using System.Buffers;
using System.Globalization;
using GroupExport.Sandbox.Data;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.Jobs;

namespace GroupExport.Sandbox.Selection;

/// <summary>
/// Arranges resources in blocks, one a patient: a header line, the Patient, what belongs to the patient, and what belongs to nobody, repeated in every
/// block (Bulk Data Access 3.0.0, "Bulk Data Output File Organization").
/// </summary>
/// <param name="patients">The patients' ids.</param>
/// <param name="maxResourcesPerFile">A block that does not fit goes on in the next file, under the same header.</param>
/// <param name="baseUrl">What stands before references in headers; empty for relative ones.</param>
internal sealed class PatientBlocks(PatientDirectory patients, int maxResourcesPerFile, string baseUrl)
{
    public const string OrganizingType = "Patient";

    private readonly List<ExportFile> _files = [];
    private ArrayBufferWriter<byte> _bytes = new();
    private int _count;

    public IReadOnlyList<ExportFile> Write(IReadOnlyList<SelectedLines> selected, IReadOnlyList<int> members, CancellationToken cancellation)
    {
        var ordered = selected.OrderBy(lines => lines.File.ResourceType != OrganizingType).ToList();
        var shared = Find(ordered, line => line.Patient == ResourceLine.NoPatient).ToList();
        var own = Find(ordered, line => line.Patient != ResourceLine.NoPatient).ToLookup(found => found.Line.Patient);
        foreach (var member in members.Where(own.Contains))
        {
            cancellation.ThrowIfCancellationRequested();
            WriteBlock(Header(member), [.. own[member], .. shared]);
        }

        Close(continues: false);
        return _files;
    }

    private static IEnumerable<(ResourceFile File, ResourceLine Line)> Find(IEnumerable<SelectedLines> selected, Func<ResourceLine, bool> condition) =>
        selected.SelectMany(lines => lines.Lines.Where(condition).Select(line => (lines.File, line)));

    private void WriteBlock(ReadOnlyMemory<byte> header, List<(ResourceFile File, ResourceLine Line)> resources)
    {
        if (_count == maxResourcesPerFile)
        {
            Close(continues: false);
        }

        _bytes.Write(header.Span);
        foreach (var (file, line) in resources)
        {
            if (_count == maxResourcesPerFile)
            {
                Close(continues: true);
                _bytes.Write(header.Span);
            }

            var bytes = file.Bytes(line).Span;
            _bytes.Write(bytes);
            if (bytes[^1] != (byte)'\n')
            {
                _bytes.Write("\n"u8);
            }

            _count++;
        }
    }

    private void Close(bool continues)
    {
        if (_bytes.WrittenCount == 0)
        {
            return;
        }

        _files.Add(new ExportFile(Name(_files.Count + 1), null, new ByteSegments(_bytes.WrittenMemory), _count)
        {
            ContinuesIn = continues ? Name(_files.Count + 2) : null,
        });
        _bytes = new ArrayBufferWriter<byte>();
        _count = 0;
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"blocks.{number:D4}.ndjson");

    private ReadOnlyMemory<byte> Header(int patient)
    {
        var json = JsonBytes.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "Parameters"u8);
            json.WriteStartArray("parameter"u8);
            json.WriteStartObject();
            json.WriteString("name"u8, "header"u8);
            json.WriteStartObject("valueReference"u8);
            json.WriteString("reference"u8, $"{baseUrl}{OrganizingType}/{patients.Id(patient)}");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });
        return (byte[])[.. json.Span, (byte)'\n'];
    }
}
