namespace GroupExport.Fhir;

/// <summary>Finds what was meant by a mistyped name.</summary>
internal static class NearMatches
{
    private const int MostNamed = 3;

    /// <summary>The known names that are nearest to a typed one by edit distance, case aside, nearest first; empty when none is near.</summary>
    public static IReadOnlyList<string> Of(string typed, IEnumerable<string> known)
    {
        string wanted = typed.ToUpperInvariant();
        int limit = typed.Length < 4 ? 1 : Math.Max(2, typed.Length / 4);
        return [.. known
            .Select(name => (Name: name, Distance: EditDistance(name.ToUpperInvariant(), wanted)))
            .Where(candidate => candidate.Distance <= limit)
            .OrderBy(candidate => candidate.Distance)
            .Take(MostNamed)
            .Select(candidate => candidate.Name)];
    }

    private static int EditDistance(string left, string right)
    {
        int[] previous = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int[] current = new int[right.Length + 1];
            current[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
