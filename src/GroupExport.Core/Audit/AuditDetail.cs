using System.Globalization;
using System.Text.Json;
using GroupExport.Connections;
using GroupExport.Fhir;
using GroupExport.Files;
using GroupExport.Http;
using GroupExport.Jobs;
using GroupExport.Requests;

namespace GroupExport.Audit;

/// <summary>
/// The fields of each event, by the names and in the order of SMART's bulk-data-client (logVersion 2). What is added has a name that begins with an
/// underscore, as other writers of this format do it. Nothing in them is a secret or tells of a patient: URLs go without queries, requests without
/// patients and filter values, and a server's words as they are shown elsewhere.
/// </summary>
internal sealed class AuditDetail(GroupExportConnection? connection, SentValues? sent)
{
    private const string LogVersion = "2";

    private readonly ServerWords _words = new(connection, sent);

    /// <summary><c>kickoff</c>. <c>errorCode</c> is the status code of whatever was no 202, and null with an <c>errorBody</c> where no answer came.</summary>
    public void WriteKickOff(Utf8JsonWriter json, KickOffAnswered kickOff)
    {
        ExportException? failure = kickOff.Answer.Failure;
        ServerSoftware software = connection?.Software ?? ServerSoftware.Unknown;
        WriteText(json, "exportUrl", ShownUri.Of(kickOff.Message.Uri));
        WriteNumber(json, "errorCode", failure?.StatusCode);
        WriteText(json, "errorBody", failure?.ServerMessage ?? failure?.Message);
        WriteText(json, "softwareName", software.Name);
        WriteText(json, "softwareVersion", software.Version);
        WriteText(json, "softwareReleaseDate", software.ReleaseDate);
        WriteText(json, "fhirVersion", software.FhirVersion);
        json.WriteStartObject("requestParameters");
        WriteParameters(json, kickOff.Request);
        json.WriteEndObject();
        WriteHeaders(json, kickOff.Answer.Headers);
        json.WriteString("logVersion", LogVersion);
        json.WriteString("_client", nameof(GroupExport));
        json.WriteString("_clientVersion", typeof(AuditDetail).Assembly.GetName().Version!.ToString(3));
        WriteLogIds(json, kickOff.Answer.Job?.RedoxLogIds ?? failure?.RedoxLogIds);
    }

    /// <summary><c>status_progress</c>. <c>body</c> is always null: the body of a 202 can hold anything.</summary>
    public static void WriteProgress(Utf8JsonWriter json, ExportStatus status)
    {
        json.WriteNull("body");
        json.WriteString("xProgress", status.Progress ?? "");
        json.WriteString("retryAfter", status.RetryAfterSeconds?.ToString(CultureInfo.InvariantCulture) ?? "");
    }

    /// <summary><c>status_error</c> of a request that may be repeated, or of an export that failed.</summary>
    public void WriteStatusError(Utf8JsonWriter json, StatusAnswer answer) =>
        WriteError(json, answer.Refusal?.Message, answer.Refusal?.StatusCode, answer.Trouble ?? $"The export failed: {answer.Status.Progress}", answer.Refusal?.Headers, answer.Refusal?.LogIds);

    /// <summary><c>status_error</c> of a request that is given up.</summary>
    public void WriteStatusError(Utf8JsonWriter json, ExportException failure) =>
        WriteError(json, failure.ServerMessage, failure.StatusCode, failure.Message, failure.AnswerHeaders, failure.RedoxLogIds);

    /// <summary><c>status_page_complete</c>.</summary>
    public void WritePage(Utf8JsonWriter json, ExportStatus status, IReadOnlyCollection<ExportFile> files)
    {
        WriteTime(json, status);
        json.WriteNumber("outputFileCount", Count(files, ExportFile.Output));
        json.WriteNumber("deletedFileCount", Count(files, ExportFile.Deleted));
        json.WriteNumber("errorFileCount", Count(files, ExportFile.Error));
    }

    /// <summary><c>status_complete</c>.</summary>
    public void WriteTime(Utf8JsonWriter json, ExportStatus status) => WriteText(json, "transactionTime", status.TransactionTime);

    /// <summary><c>manifest_complete</c>.</summary>
    public void WriteManifest(Utf8JsonWriter json, ExportStatus status)
    {
        WriteTime(json, status);
        json.WriteNumber("totalOutputFileCount", Count(status.Files, ExportFile.Output));
        json.WriteNumber("totalDeletedFileCount", Count(status.Files, ExportFile.Deleted));
        json.WriteNumber("totalErrorFileCount", Count(status.Files, ExportFile.Error));
        json.WriteNumber("totalManifests", status.ManifestTexts.Count);
    }

    /// <summary><c>download_request</c>.</summary>
    public void WriteRequest(Utf8JsonWriter json, ExportFile file)
    {
        json.WriteString("fileUrl", Shown(file));
        json.WriteString("itemType", file.Kind);

        // The manifest is the server's: what is no resource type may be anything.
        json.WriteString("resourceType", file.Type is null ? null : ResourceTypes.Find(file.Type) ?? "…");
        json.WriteString("_file", file.Name);
    }

    /// <summary><c>download_complete</c>. <c>fileSize</c> is of the content, after gzip; <c>resourceCount</c> is null where nobody counted.</summary>
    public static void WriteComplete(Utf8JsonWriter json, string fileUrl, ReceiptEntry entry)
    {
        json.WriteString("fileUrl", fileUrl);
        json.WriteNumber("fileSize", entry.Bytes);
        WriteNumber(json, "resourceCount", entry.Count);
        json.WriteString("_file", entry.Name);
        json.WriteNumber("_attempts", entry.Attempts);
        json.WriteNumber("_resumedBytes", entry.ResumedBytes);
        json.WriteNumber("_duration", (long)(1000 * entry.Seconds));
    }

    /// <summary><c>download_error</c>.</summary>
    public void WriteDownloadError(Utf8JsonWriter json, ExportFile file, ExportException failure)
    {
        ServerAnswer? later = (failure.InnerException as TransientFailure)?.Answer;
        WriteText(json, "body", failure.ServerMessage ?? later?.Message);
        WriteNumber(json, "code", failure.StatusCode ?? later?.StatusCode);
        json.WriteString("fileUrl", Shown(file));
        WriteText(json, "message", failure.Message);
        WriteHeaders(json, later?.Headers ?? failure.AnswerHeaders);
        json.WriteString("_file", file.Name);
        WriteLogIds(json, later?.LogIds ?? failure.RedoxLogIds);
    }

    /// <summary><c>export_complete</c>: the whole export, whichever run saved it. <c>duration</c> in milliseconds.</summary>
    public static void WriteExport(Utf8JsonWriter json, ReceiptDocument receipt, TimeSpan duration)
    {
        json.WriteNumber("files", receipt.Files.Count);
        WriteNumber(json, "resources", receipt.Files.Any(entry => entry.Count is null) ? null : receipt.Files.Sum(entry => entry.Count!.Value));
        json.WriteNumber("bytes", receipt.Files.Sum(entry => entry.Bytes));
        json.WriteNumber("attachments", 0);
        json.WriteNumber("duration", (long)duration.TotalMilliseconds);
        json.WriteString("_state", receipt.State);
    }

    /// <summary>Where a file is, without the signature that a query can be.</summary>
    public string Shown(ExportFile file) => _words.Mask(ShownUri.OfText(file.Url));

    private void WriteError(Utf8JsonWriter json, string? body, int? code, string message, IReadOnlyDictionary<string, string>? headers, IReadOnlyList<string>? logIds)
    {
        WriteText(json, "body", body);
        WriteNumber(json, "code", code);
        WriteText(json, "message", message);
        WriteHeaders(json, headers ?? ShownHeaders.None);
        WriteLogIds(json, logIds);
    }

    /// <summary>What was asked for: patients as a count, filters without their values.</summary>
    private void WriteParameters(Utf8JsonWriter json, ExportRequest request)
    {
        (string Name, string? Value)[] parameters =
        [
            ("_outputFormat", request.OutputFormat),
            ("_since", request.Since),
            ("_until", request.Until),
            ("_type", Joined(request.Types)),
            ("_elements", Joined(request.Elements)),
            ("includeAssociatedData", Joined(request.IncludeAssociatedData)),
            ("_typeFilter", Joined([.. request.ShownTypeFilters])),
            ("organizeOutputBy", request.OrganizeOutputBy),
            ("allowPartialManifests", request.AllowPartialManifests switch { true => "true", false => "false", null => null }),
            ("patient", request.Patients.Count > 0 ? $"({request.PatientCount})" : null),
        ];
        foreach ((string name, string? value) in parameters.Where(parameter => parameter.Value is not null))
        {
            WriteText(json, name, value);
        }
    }

    private static string? Joined(IReadOnlyList<string> values) => values.Count > 0 ? string.Join(',', values) : null;

    private static void WriteHeaders(Utf8JsonWriter json, IReadOnlyDictionary<string, string> headers)
    {
        json.WriteStartObject("responseHeaders");
        foreach ((string name, string value) in headers)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    private void WriteText(Utf8JsonWriter json, string name, string? text) => json.WriteString(name, text is null ? null : _words.Mask(text));

    private static void WriteNumber(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Where there are any: no other server than Redox has them.</summary>
    private static void WriteLogIds(Utf8JsonWriter json, IReadOnlyList<string>? ids)
    {
        if (ids is not { Count: > 0 })
        {
            return;
        }

        json.WriteStartArray("_redoxLogIds");
        foreach (string id in ids)
        {
            json.WriteStringValue(id);
        }

        json.WriteEndArray();
    }

    private static int Count(IReadOnlyCollection<ExportFile> files, string kind) => files.Count(file => file.Kind == kind);
}
