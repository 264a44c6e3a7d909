namespace GroupExport;

/// <summary>Something that the engine reports while it works.</summary>
internal abstract record ExportEvent;

/// <summary>An event for the audit log only: there is nothing of it to show.</summary>
internal abstract record LoggedEvent : ExportEvent;

/// <summary>What is being done, for those who look closely.</summary>
internal sealed record Remark(string Text) : ExportEvent;

/// <summary>Something that somebody should look at, though the work goes on.</summary>
internal sealed record Caution(string Text) : ExportEvent;
