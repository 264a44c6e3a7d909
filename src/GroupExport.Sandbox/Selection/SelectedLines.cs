using GroupExport.Sandbox.Data;

namespace GroupExport.Sandbox.Selection;

/// <summary>The chosen lines of a file.</summary>
internal sealed record SelectedLines(ResourceFile File, IReadOnlyList<ResourceLine> Lines);
