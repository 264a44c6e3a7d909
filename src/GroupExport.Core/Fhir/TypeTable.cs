namespace GroupExport.Fhir;

/// <summary>A table of the resource types that is built into the assembly: a line for each, its name and words about it, with a space between.</summary>
internal static class TypeTable
{
    /// <param name="name">The file's name.</param>
    /// <returns>The words of each line; the type is the first.</returns>
    public static IEnumerable<string[]> Read(string name)
    {
        using Stream table = typeof(TypeTable).Assembly.GetManifestResourceStream(name)!;
        using StreamReader lines = new(table);
        while (lines.ReadLine() is { } line)
        {
            yield return line.Split(' ');
        }
    }
}
