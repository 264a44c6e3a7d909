namespace GroupExport.Jobs;

/// <summary>Represents a row of the kick-off table.</summary>
/// <param name="Status">The status codes, as the documentation names them.</param>
/// <param name="Body">The bodies.</param>
/// <param name="Location">What <c>Content-Location</c> or <c>Location</c> is.</param>
/// <param name="Verdict">What the answer means.</param>
/// <param name="Applies">Determines whether an answer is of this row.</param>
internal sealed record KickOffRule(string Status, string Body, string Location, KickOffVerdict Verdict, Func<KickOffReading, bool> Applies);
