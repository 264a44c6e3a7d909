namespace GroupExport.Ndjson;

/// <summary>What is wrong with a line.</summary>
/// <param name="Line">Its number in the file, from 1; blank lines count.</param>
/// <param name="What">Goes on where "line 7" ends; says nothing of the line's content but the name of its type, since that may be health data.</param>
internal sealed record LineFinding(long Line, string What);
