using System.Security.Cryptography;
using System.Text;
using GroupExport.Http;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>Tells files of two answers for one manifest apart by where they are, without keeping the URL, which can be a secret.</summary>
/// <remarks>A signature in the query changes with each answer, so the path stands for the file; only where paths do not tell files apart the query counts.</remarks>
internal sealed class FileSources
{
    private readonly bool _byPath;

    public FileSources(IReadOnlyCollection<ExportFile> files)
    {
        ExportFile[] placed = [.. files.Where(file => file.Url.Length > 0)];
        _byPath = placed.Select(file => Place(file, byPath: true)).Distinct().Count() == placed.Length;
    }

    /// <summary>Gets what stands for the place of files that have no URL.</summary>
    public static string Nowhere { get; } = Hash("");

    public string Of(ExportFile file) => Hash(Place(file, _byPath));

    private static string Hash(string place) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(place)), 0, 16).ToLowerInvariant();

    private static string Place(ExportFile file, bool byPath) =>
        byPath ? ServerUrl.PlaceOf(file.Url) : file.Url;
}
