namespace GroupExport.Import;

/// <summary>A line that could not be read.</summary>
/// <param name="Number">Its number in the file, from 1; blank lines count.</param>
/// <param name="What">Goes on where "line 7" ends; says nothing of the line's content.</param>
/// <param name="InPart">Whether that is so of a part of it only, and the rest was given.</param>
internal sealed record BrokenLine(long Number, string What, bool InPart = false);
