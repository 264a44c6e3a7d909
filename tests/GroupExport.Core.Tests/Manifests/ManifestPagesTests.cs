using System.Text;
using GroupExport.Http;
using GroupExport.Manifests;

namespace GroupExport.Tests.Manifests;

/// <summary>How far the pages of a manifest are followed.</summary>
public sealed class ManifestPagesTests
{
    private static readonly ServerUrl s_root = ServerUrl.Of("https://x.example/status/1");

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
