using System.Globalization;
using GroupExport.Sandbox.Faults;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.Jobs;

namespace GroupExport.Sandbox.Endpoints;

/// <summary>Serves output files: whole or one range, plain or gzip, with a validator (RFC 9110, 8.8.3, 13.1.5 and 14).</summary>
internal sealed class FileEndpoint(JobStore jobs, SandboxOptions options, FileFaults faults, ContentFaults contentFaults)
{
    public Reply Read(Arrival arrival, ServiceBase serviceBase, string jobId, string name)
    {
        if (jobs.Find(serviceBase, jobId)?.FindFile(name, options.Clock.GetUtcNow()) is not { } file)
        {
            return OperationOutcome.NotFound($"There is no file '{name}' of the export '{jobId}'; it may have been deleted.");
        }

        if (arrival.Method == "HEAD")
        {
            return Whole(AcceptsGzip(arrival) ? file.Gzip : file.Identity) with { HeadersOnly = true };
        }

        return faults.Refusal(arrival) ?? faults.End(Answer(arrival, faults.Choose(contentFaults.Apply(file), AcceptsGzip(arrival))));
    }

    private Reply Answer(Arrival arrival, FileRepresentation form)
    {
        var range = IsRangeWanted(arrival, form) ? ByteRange.Parse(arrival.Header("Range"), form.Bytes.Length) : null;
        var reply = range switch
        {
            null => Whole(form),
            { IsSatisfiable: false } => Unsatisfiable(form),
            { } part => Part(form, part),
        };
        return reply with { BytesPerSecond = options.BytesPerSecond };
    }

    private Reply Whole(FileRepresentation form)
    {
        var reply = new Reply(200) { ContentType = Reply.Ndjson, Body = form.Bytes }
            .With("Accept-Ranges", "bytes")
            .With("Vary", "Accept-Encoding");
        if (options.FileValidator != FileValidator.None)
        {
            reply = reply.With("ETag", options.FileValidator == FileValidator.Weak ? "W/" + form.ETag : form.ETag);
        }

        return form.ContentEncoding is null ? reply : reply.With("Content-Encoding", form.ContentEncoding);
    }

    private Reply Part(FileRepresentation form, ByteRange range) =>
        (Whole(form) with { Status = 206, Offset = range.Offset, Count = range.Count })
            .With("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {range.Offset}-{range.Offset + range.Count - 1}/{form.Bytes.Length}"));

    private static Reply Unsatisfiable(FileRepresentation form) =>
        OperationOutcome.Error(416, "invalid", "No byte of the range exists.")
            .With("Accept-Ranges", "bytes")
            .With("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes */{form.Bytes.Length}"));

    // If-Range with anything but this very tag: the rest of another representation would be garbage. A weak tag never matches (RFC 9110, 13.1.5).
    private static bool IsRangeWanted(Arrival arrival, FileRepresentation form) =>
        arrival.Header("If-Range") is not { } tag || tag == form.ETag;

    private static bool AcceptsGzip(Arrival arrival) => (arrival.Header("Accept-Encoding") ?? "").Split(',').Select(coding => coding.Split(';')).Any(coding =>
        coding[0].Trim().Equals("gzip", StringComparison.OrdinalIgnoreCase) && !coding.Skip(1).Any(IsZeroWeight));

    private static bool IsZeroWeight(string parameter) =>
        parameter.Trim().StartsWith("q=", StringComparison.OrdinalIgnoreCase)
        && double.TryParse(parameter.Trim()[2..], NumberStyles.Float, CultureInfo.InvariantCulture, out var weight)
        && weight == 0;
}
