using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using GroupExport.Disk;
using GroupExport.Files;
using GroupExport.Manifests;

namespace GroupExport.Audit;

/// <summary>
/// An NDJSON file of what was done with exports, in the form of SMART's bulk-data-client
/// (https://github.com/smart-on-fhir/bulk-data-client/wiki/Bulk-Data-Export-Log-Items, src/app.ts and src/loggers): each line is
/// <c>{ exportId, timestamp, eventId, eventDetail }</c>. Any number of processes may write to it at once.
/// </summary>
/// <remarks>
/// A log that cannot be opened keeps everything from being sent; one that fails later never makes an export fail: it is told once, and the
/// next line is tried again.
/// </remarks>
internal sealed class AuditLog : IDisposable
{
    /// <summary>What is written is read by people and <c>ConvertFrom-Json</c>, never put into a page.</summary>
    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _path;
    private readonly AppendedFile _file;
    private readonly Action<ExportEvent> _report;
    private int _hasFailed;

    private AuditLog(string path, AppendedFile file, Action<ExportEvent> report)
    {
        _path = path;
        _file = file;
        _report = report;
    }

    /// <summary>Opens a log, and makes it and its folder where there are none: for the current user alone.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="report">Is told once when the log cannot be written later.</param>
    /// <exception cref="ExportException">It cannot be written (<see cref="ExportErrorKind.LogNotWritable"/>).</exception>
    public static AuditLog Open(string path, Action<ExportEvent> report)
    {
        if (Directory.Exists(path))
        {
            throw NotWritable(path, "it is a folder", cause: null);
        }

        if (Path.GetFileName(path) is var name && name != StrayFiles.AuditLogName && StrayFiles.IsOwn(name))
        {
            throw NotWritable(path, "an export keeps its state under that name", cause: null);
        }

        if (FileNames.IsOfExport(Path.GetFileName(path)))
        {
            throw NotWritable(path, "an export saves its files under such names", cause: null);
        }

        if (OrdinaryFile.IsLink(path))
        {
            throw NotWritable(path, "it is a link, which is not followed", cause: null);
        }

        if (LogBeginning.IsOfSomethingElse(path))
        {
            throw NotWritable(path, "the file holds something else than an audit log", cause: null);
        }

        try
        {
            PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
            return new AuditLog(path, AppendedFile.Open(path), report);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(path, fault.Message, fault);
        }
    }

    /// <summary>Adds one line.</summary>
    /// <param name="exportId">The export (<see cref="Jobs.ExportId"/>).</param>
    /// <param name="timestamp">When it came to pass.</param>
    /// <param name="eventId">What it was, such as <c>kickoff</c>.</param>
    /// <param name="detail">Writes the fields of <c>eventDetail</c>.</param>
    public void Write(string exportId, DateTimeOffset timestamp, string eventId, Action<Utf8JsonWriter> detail)
    {
        try
        {
            ArrayBufferWriter<byte> line = new();
            using (Utf8JsonWriter json = new(line, s_readable))
            {
                json.WriteStartObject();
                json.WriteString("exportId", exportId);
                json.WriteString("timestamp", timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
                json.WriteString("eventId", eventId);
                json.WriteStartObject("eventDetail");
                detail(json);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            line.Write("\n"u8);
            _file.Append(line.WrittenSpan);
        }
        catch (Exception fault)
        {
            // Whatever it is: a job that the server has just started must not be lost over its log.
            if (Interlocked.Exchange(ref _hasFailed, 1) == 0)
            {
                _report(new Caution($"The audit log {_path} cannot be written now ({fault.Message}). The export goes on, but lines will be missing there; this is said once."));
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private static ExportException NotWritable(string path, string why, Exception? cause) => new(
        ExportErrorKind.LogNotWritable,
        $"The audit log {path} cannot be written ({why}). Nothing was sent: name another file with -LogPath, or get the right to write there.",
        cause)
    {
        Subject = path,
    };
}
