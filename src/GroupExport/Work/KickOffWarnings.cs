using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Requests;

namespace GroupExport.Work;

/// <summary>What New-GroupExport warns of before it sends anything: what the server may not know or take otherwise, and what has no effect.</summary>
internal sealed class KickOffWarnings(GroupExportConnection connection, TypeFilterSet filters)
{
    /// <summary>Parameters of Redox's envelope, which other styles do not have.</summary>
    private static readonly string[] s_envelope = ["Test", "Source", "Destination", "Log", "FacilityCode", "EventDateTime"];

    /// <summary>The earlier export that is gone on from, or null.</summary>
    public SinceSource? Since { get; init; }

    /// <summary>The names of the parameters that were given.</summary>
    public IReadOnlyCollection<string> Given { get; init; } = [];

    /// <summary>Whether -Force was given where there is nothing to force.</summary>
    public bool IsForcedWithoutJobFile { get; init; }

    /// <param name="requests">Requests that differ by group, patients and types only, written for the server's version.</param>
    public IEnumerable<string> Of(IReadOnlyList<ExportRequest> requests)
    {
        ServerSearches searches = connection.Searches;
        return new[] { Format(requests), Envelope(), Force(), Since?.Caution }
            .Concat(filters.UnknownParameters(searches))
            .Append(filters.Idle(requests))
            .Append(filters.NotExported(requests, searches))
            .OfType<string>()
            .Concat(RequestCautions.Of(requests, connection.Settings));
    }

    private static string? Format(IReadOnlyList<ExportRequest> requests) =>
        requests.Select(request => request.OutputFormat).FirstOrDefault() is { } format && format is not ("application/fhir+ndjson" or "application/ndjson" or "ndjson")
            ? $"The output format '{format}' is not NDJSON: save its files with Save-ExportFiles -Validation None, because lines of it cannot be counted."
            : null;

    private string? Envelope()
    {
        string[] envelope = [.. s_envelope.Where(Given.Contains)];
        return envelope.Length > 0 && connection.Settings.Style != RequestStyle.Redox
            ? $"This server is not spoken to in Redox's style, so these parameters are not sent: {string.Join(", ", envelope)}."
            : null;
    }

    private string? Force() =>
        IsForcedWithoutJobFile ? "-Force has no effect without -JobFile: there is no record of an earlier kick-off to pass over. Name the job file, or leave -Force out." : null;
}
