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

    public FileSources(IReadOnlyCollection<ExportFile> files) =>
        _byPath = files.Select(file => Place(file, byPath: true)).Distinct().Count() == files.Count;

    public string Of(ExportFile file) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Place(file, _byPath))), 0, 16).ToLowerInvariant();

    private static string Place(ExportFile file, bool byPath) =>
        byPath ? ServerUrl.PlaceOf(file.Url) : file.Url;
}
