using System.Globalization;
using GroupExport.Sandbox.Faults;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.Jobs;

namespace GroupExport.Sandbox.Endpoints;

/// <summary>Tells how far a job is, hands out its manifest, and deletes it (Bulk Data Access, "Bulk Data Status Request", "Bulk Data Delete Request").</summary>
internal sealed class StatusEndpoint(JobStore jobs, SandboxOptions options, ManifestComposer manifests, StatusFaults faults, RetryAfterHeader retryAfter)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(1);

    public Reply Answer(Arrival arrival, ServiceBase serviceBase, string jobId)
    {
        if (jobs.Find(serviceBase, jobId) is not { } job)
        {
            return Gone(jobId);
        }

        if (arrival.Method == "DELETE")
        {
            return faults.RemovalRefusal() ?? Delete(job);
        }

        if (faults.Forgets())
        {
            jobs.Remove(job);
            return Gone(jobId);
        }

        var now = options.Clock.GetUtcNow();
        return Page(arrival) is { } page
            ? faults.PageTrouble() ?? ReadPage(job, page, arrival.Origin, now)
            : faults.Trouble() ?? Separated(job, faults.Failure() ?? Read(job, arrival.Origin, now));
    }

    private Reply Delete(ExportJob job) =>
        jobs.Remove(job) && !faults.DeniesRemoval() ? OperationOutcome.Information(202, "The export is deleted.") : Gone(job.Id);

    private Reply Read(ExportJob job, string origin, DateTimeOffset now)
    {
        if (!job.IsFinished(now))
        {
            return Progress(job, job.Terms.IsPartial && job.Pages is { } ready && ready.IsReady(1, now) ? Manifest(202, job, ready, 1, origin, now) : new Reply(202), now);
        }

        if (job.Output.Exception?.InnerException is { } failure)
        {
            return OperationOutcome.Error(500, "exception", $"The export failed: {failure.Message}");
        }

        return job.Pages is { } pages ? Manifest(200, job, pages, 1, origin, now) : Gone(job.Id);
    }

    private Reply ReadPage(ExportJob job, int page, string origin, DateTimeOffset now)
    {
        if (job.Pages is not { } pages)
        {
            return job.IsFinished(now) ? Gone(job.Id) : Progress(job, new Reply(202), now);
        }

        if (page < 1 || page > pages.Count)
        {
            return OperationOutcome.NotFound($"The manifest has no page {page}.");
        }

        return pages.IsReady(page, now) ? Manifest(200, job, pages, page, origin, now) : Progress(job, new Reply(202), now);
    }

    private Reply Progress(ExportJob job, Reply reply, DateTimeOffset now) => retryAfter.On(reply)
        .With("X-Progress", string.Create(CultureInfo.InvariantCulture, $"{job.Percent(now)}% done, collecting resources"));

    private Reply Manifest(int status, ExportJob job, PageSchedule pages, int page, string origin, DateTimeOffset now) =>
        Reply.WithJson(status, faults.ManifestType(), manifests.Compose(job, pages, page, origin, now))
            .With("Expires", (now + (options.LinkLifetime ?? s_lifetime)).ToString("R", CultureInfo.InvariantCulture));

    // Only what is said of the export moves to the header; a request that fails by itself keeps its own status.
    private static Reply Separated(ExportJob job, Reply reply) => job.Terms.HasSeparateStatus && reply.Status != 404
        ? (reply with { Status = 200 }).With("X-Export-Status", reply.Status switch
        {
            200 => "200 OK",
            202 => "202 Accepted",
            422 => "422 Unprocessable Content",
            var status => string.Create(CultureInfo.InvariantCulture, $"{status} Internal Server Error"),
        })
        : reply;

    private static int? Page(Arrival arrival)
    {
        var page = QueryString.Parse(arrival.RawQuery).FirstOrDefault(pair => pair.Key == "page").Value;
        return page is null ? null : int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    private static Reply Gone(string jobId) => OperationOutcome.NotFound($"There is no export '{jobId}'; it may have been deleted.");
}
