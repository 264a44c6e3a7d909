using System.Collections.Concurrent;
using GroupExport.Sandbox.Endpoints;

namespace GroupExport.Sandbox.Jobs;

/// <summary>The jobs that were started and not yet deleted.</summary>
internal sealed class JobStore
{
    private readonly ConcurrentDictionary<string, ExportJob> _jobs = new(StringComparer.Ordinal);

    public void Add(ExportJob job) => _jobs[job.Id] = job;

    /// <summary>A job is known only below the base at which it was kicked off.</summary>
    public ExportJob? Find(ServiceBase serviceBase, string id) =>
        _jobs.TryGetValue(id, out var job) && job.Terms.Base == serviceBase ? job : null;

    /// <summary>The newest job below a base.</summary>
    public ExportJob? Latest(ServiceBase serviceBase) =>
        _jobs.Values.Where(job => job.Terms.Base == serviceBase).MaxBy(job => job.Terms.Started);

    public bool Remove(ExportJob job)
    {
        if (!_jobs.TryRemove(job.Id, out _))
        {
            return false;
        }

        job.Dispose();
        return true;
    }
}
