using System.Globalization;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.Jobs;

namespace GroupExport.Sandbox.Endpoints;

/// <summary>Tells how far a job is, hands out its manifest, and deletes it (Bulk Data Access, "Bulk Data Status Request", "Bulk Data Delete Request").</summary>
internal sealed class StatusEndpoint(JobStore jobs, SandboxOptions options, FilePlan filePlan)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(1);

    public Reply Answer(Arrival arrival, ServiceBase serviceBase, string jobId)
    {
        if (jobs.Find(serviceBase, jobId) is not { } job)
        {
            return Gone(jobId);
        }

        return arrival.Method == "DELETE" ? Delete(job) : Read(job, arrival.Origin);
    }

    private Reply Delete(ExportJob job) =>
        jobs.Remove(job) ? OperationOutcome.Information(202, "The export is deleted.") : Gone(job.Id);

    private Reply Read(ExportJob job, string origin)
    {
        var now = options.Clock.GetUtcNow();
        if (!job.IsFinished(now))
        {
            return new Reply(202)
                .With("Retry-After", options.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture))
                .With("X-Progress", string.Create(CultureInfo.InvariantCulture, $"{job.Percent(now)}% done, collecting resources"));
        }

        if (job.Files.IsCanceled)
        {
            return Gone(job.Id);
        }

        if (job.Files.Exception?.InnerException is { } failure)
        {
            return OperationOutcome.Error(500, "exception", $"The export failed: {failure.Message}");
        }

        return Reply.WithJson(200, Reply.Json, Manifest.Write(job, origin, filePlan))
            .With("Expires", (now + s_lifetime).ToString("R", CultureInfo.InvariantCulture));
    }

    private static Reply Gone(string jobId) => OperationOutcome.NotFound($"There is no export '{jobId}'; it may have been deleted.");
}
