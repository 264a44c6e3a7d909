using System.Collections.Concurrent;
using System.Text.Json;
using GroupExport.Benchmarks.Data;

namespace GroupExport.Benchmarks.Serving;

/// <summary>The paths of each export: <c>/r4/jobs/{set}/{encoding}</c> is its status, at once complete, and <c>/files/{set}/{encoding}/{name}</c> its files.</summary>
internal sealed class ServedPaths(string root, Uri origin)
{
    public const string Identity = "identity";
    public const string Gzip = "gzip";

    private readonly ConcurrentDictionary<string, Dictionary<string, ServedBody>> _sets = new();

    public static string StatusPath(ExportSet set, string encoding) => $"/r4/jobs/{set.Name}/{encoding}";

    public static string FilePath(ExportSet set, string encoding, ExportSetFile file) => $"/files/{set.Name}/{encoding}/{file.Name}";

    /// <summary>Jobs under way.</summary>
    public WaitingJobs Jobs { get; } = new();

    /// <summary>What stands at a path, or null. An export is read when it is first asked for.</summary>
    public ServedBody? Find(string path)
    {
        string[] segments = path.Split('/');
        string? name = segments is ["", "r4", "jobs", var job, _] ? job : segments is ["", "files", var files, _, _] ? files : null;
        string folder = Path.Combine(root, name ?? "");
        return name is { Length: > 0 } && name[0] != '.' && Directory.Exists(folder) ? _sets.GetOrAdd(name, _ => Load(folder)).GetValueOrDefault(path) : null;
    }

    private Dictionary<string, ServedBody> Load(string folder)
    {
        ExportSet set = ExportSet.Read(folder);
        Dictionary<string, ServedBody> bodies = [];
        Add(bodies, set, Identity, "");
        if (set.Files.All(file => File.Exists(set.PathOf(file) + ".gz")))
        {
            Add(bodies, set, Gzip, ".gz");
        }

        return bodies;
    }

    private void Add(Dictionary<string, ServedBody> bodies, ExportSet set, string encoding, string suffix)
    {
        bodies[StatusPath(set, encoding)] = ServedBody.OfJson(Manifest(set, encoding));
        foreach (ExportSetFile file in set.Files)
        {
            bodies[FilePath(set, encoding, file)] = ServedBody.OfFile(set.PathOf(file) + suffix, encoding == Identity ? null : encoding);
        }
    }

    private byte[] Manifest(ExportSet set, string encoding) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        transactionTime = "2026-11-01T00:00:00.000Z",
        request = new Uri(origin, "/r4/Group/bench/$export"),
        requiresAccessToken = false,
        output = set.Files.Select(file => new
        {
            type = file.Type,
            url = new Uri(origin, FilePath(set, encoding, file)),
            count = file.Count,
            fileSize = file.Bytes,
        }),
        error = Array.Empty<object>(),
    });
}
