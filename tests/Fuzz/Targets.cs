using System.Text;

namespace GroupExport.Fuzz;

/// <summary>Every reader of bytes that this module did not write itself, or wrote at another time.</summary>
internal static class Targets
{
    public static IReadOnlyList<Target> All { get; } = [.. AnswerTargets.All, .. ServerTargets.All, .. FolderTargets.All, .. TextTargets.All];

    public static Target Named(string name) => All.Single(target => target.Name == name);

    public static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
