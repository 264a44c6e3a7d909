using System.Text;
using GroupExport.Manifests;

namespace GroupExport.Tests.Manifests;

/// <summary>How far the pages of a manifest are followed.</summary>
public sealed class ManifestPagesTests
{
    private static readonly Uri s_root = new("https://x.example/status/1");

    [Fact]
    public void Pages_without_end_have_one()
    {
        ManifestPages pages = new(s_root);
        int read = 0;

        ExportException failure = Assert.Throws<ExportException>(() =>
        {
            while (read < 1_000_000)
            {
                read++;
                pages.Add(Encoding.UTF8.GetBytes($$"""{"output":[],"link":[{"relation":"next","url":"/{{read}}"}]}"""), s_root);
            }
        });

        Assert.Equal((ExportErrorKind.InvalidManifest, 100_000), (failure.Kind, read));
    }
}
