using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>
/// Takes over from a damaged receipt what proves itself: files on disk with exactly the size, the count and the SHA-256 that an entry or a whole line
/// of the journal recorded. Whether the export has such a file at all, the manifest decides later (<see cref="ReceiptEntry.Recovered"/>).
/// </summary>
internal sealed class ReceiptSalvage
{
    private readonly ExportJob _job;
    private readonly string? _organizedBy;
    private readonly IReadOnlyList<ReceiptEntry> _candidates;

    private ReceiptSalvage(ExportJob job, ReadOnlyMemory<byte> content, string? organizedBy, IReadOnlyList<ReceiptEntry> candidates)
    {
        _job = job;
        Content = content;
        _organizedBy = organizedBy;
        _candidates = candidates;
    }

    /// <summary>Gets the damaged receipt.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Gets the number of files that were recorded as saved.</summary>
    public int RecordedCount => _candidates.Count;

    /// <summary>Finds what a damaged receipt holds of a job; null if nothing in it says that it is of this job.</summary>
    /// <param name="job">The job that is to be saved.</param>
    /// <param name="content">The receipt as it is on disk.</param>
    /// <param name="receipt">The same as far as it can be read, unverified.</param>
    /// <param name="journal">Reads the whole lines of the journal.</param>
    public static ReceiptSalvage? Find(ExportJob job, ReadOnlyMemory<byte> content, ReceiptDocument? receipt, Func<IEnumerable<ReceiptEntry>> journal)
    {
        if (!IsOf(job, content.Span, receipt?.Job))
        {
            return null;
        }

        ReceiptEntry[] recorded = [.. Objects(content).Where(entry => ReceiptRules.Violation(entry) is null && entry.State == ReceiptEntry.Saved)];
        bool areCounted = recorded.Any(entry => entry.Count is not null);
        Dictionary<string, ReceiptEntry> candidates = [];
        foreach (ReceiptEntry entry in recorded.Where(entry => entry.Count is not null || !areCounted))
        {
            candidates[entry.Name] = entry;
        }

        foreach (ReceiptEntry entry in journal().Where(entry => entry.State == ReceiptEntry.Saved))
        {
            candidates[entry.Name] = entry;
        }

        return new ReceiptSalvage(job, content, receipt?.OutputOrganizedBy, [.. candidates.Values]);
    }

    /// <summary>Reads the recorded files and returns the entries of those that are as they were saved.</summary>
    public async Task<IReadOnlyList<ReceiptEntry>> VerifyAsync(string folder, int parallel, CancellationToken cancellationToken)
    {
        EntryCheck check = new(new ReceiptDocument { Job = _job, OutputOrganizedBy = _organizedBy }, folder, _ => { });
        ConcurrentDictionary<string, ReceiptEntry> verified = new();
        ParallelOptions options = new() { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(_candidates, options, async (entry, token) =>
        {
            FileCheck found = await check.RunAsync(entry, token).ConfigureAwait(false);
            if (found.State == FileCheck.Intact)
            {
                verified[entry.Name] = entry with { Recovered = true, Unlisted = null };
            }
        }).ConfigureAwait(false);
        return [.. _candidates.Select(entry => verified.GetValueOrDefault(entry.Name)).OfType<ReceiptEntry>()];
    }

    /// <summary>Returns the entries without those that were taken over from a damaged receipt and are not of a file that the whole manifest lists.</summary>
    public static ReceiptEntry[] WithoutUnlisted(IReadOnlyList<ReceiptEntry> entries, IReadOnlyCollection<ExportFile> listed)
    {
        FileSources sources = new(listed);
        HashSet<(string?, string, string?)> places = [.. listed.Select(file => (sources.Of(file), file.Kind, file.Type))];
        return [.. entries.Where(entry => entry.Recovered is not true || places.Contains((entry.Source, entry.Kind, entry.Type)))];
    }

    /// <summary>Determines whether a receipt is of a job, by its status URL or the salted fingerprint of its request, wherever in the text these are.</summary>
    private static bool IsOf(ExportJob job, ReadOnlySpan<byte> content, ExportJob? recorded) =>
        recorded?.StatusUrl == job.StatusUrl
        || (job.Fingerprint is { Length: > 0 } fingerprint && Holds(content, fingerprint))
        || Holds(content, job.StatusUrl);

    private static bool Holds(ReadOnlySpan<byte> content, string text) =>
        content.IndexOf(JsonSerializer.SerializeToUtf8Bytes(text)) >= 0
        || content.IndexOf(JsonSerializer.SerializeToUtf8Bytes(text, s_relaxed)) >= 0;

    private static readonly JsonSerializerOptions s_relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns the objects without objects in them that can be entries of files, whatever the text around them has become.</summary>
    private static IEnumerable<ReceiptEntry> Objects(ReadOnlyMemory<byte> content)
    {
        int begin = -1;
        for (int at = 0; at < content.Length; at++)
        {
            byte character = content.Span[at];
            if (character == (byte)'{')
            {
                begin = at;
            }
            else if (character == (byte)'}' && begin >= 0)
            {
                if (ReadEntry(content[begin..(at + 1)].Span) is { } entry)
                {
                    yield return entry;
                }

                begin = -1;
            }
        }
    }

    private static ReceiptEntry? ReadEntry(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, JournalJson.Default.ReceiptEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
