using System.Runtime.Versioning;
using GroupExport.Authorization;
using GroupExport.Tests.Files;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Authorization.Keys;

[UnsupportedOSPlatform("windows")]
public sealed class PrivateKeyFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    public PrivateKeyFileTests() => Directory.CreateDirectory(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [UnixFact]
    public void A_file_of_the_owner_alone_draws_no_warning()
    {
        PrivateKeyFile file = PrivateKeyFile.Read(Write(OwnerOnly));

        Assert.False(file.IsOpenToOthers);
        Assert.Equal(MadeKeys.Text("EC PKCS#8"), file.Text);
        Assert.DoesNotContain("BEGIN", file.ToString(), StringComparison.Ordinal);
    }

    [UnixFact]
    public void A_file_that_others_can_use_draws_a_warning()
    {
        UnixFileMode[] rights =
        [
            UnixFileMode.GroupRead, UnixFileMode.GroupWrite, UnixFileMode.GroupExecute,
            UnixFileMode.OtherRead, UnixFileMode.OtherWrite, UnixFileMode.OtherExecute,
        ];
        Assert.All(rights, right => Assert.True(PrivateKeyFile.Read(Write(OwnerOnly | right)).IsOpenToOthers));
    }

    [UnixFact]
    public void A_link_counts_by_the_file_it_leads_to()
    {
        string link = _folder.File("link");
        File.CreateSymbolicLink(link, Write(OwnerOnly));

        Assert.False(PrivateKeyFile.Read(link).IsOpenToOthers);
    }

    [UnixFact]
    public void A_missing_file_a_folder_and_a_huge_file_have_their_error()
    {
        string huge = _folder.File("huge.pem");
        File.WriteAllBytes(huge, new byte[(1024 * 1024) + 1]);

        foreach ((string path, string words) in new[]
        {
            (_folder.File("none.pem"), "does not exist"),
            (_folder.File("none/none.pem"), "does not exist"),
            (_folder.Path, "is a folder"),
            (huge, "too large"),
        })
        {
            ExportException failure = Assert.Throws<ExportException>(() => PrivateKeyFile.Read(path));
            Assert.Equal(ExportErrorKind.KeyFileUnreadable, failure.Kind);
            Assert.Contains(words, failure.Message, StringComparison.Ordinal);
            Assert.Equal(path, failure.Subject);
        }
    }

    [UnixFact]
    public void A_binary_file_is_recognized_by_its_text()
    {
        string path = _folder.File("key.der");
        File.WriteAllBytes(path, MadeKeys.Rsa.ExportPkcs8PrivateKey());

        ExportException failure = Assert.Throws<ExportException>(() => KeyReader.Read(PrivateKeyFile.Read(path).Text, new KeyHints()));

        Assert.Equal(ExportErrorKind.KeyUnreadable, failure.Kind);
        Assert.Contains("PKCS#12", failure.Message, StringComparison.Ordinal);
    }

    private string Write(UnixFileMode mode)
    {
        string path = _folder.File("key.pem");
        File.WriteAllText(path, MadeKeys.Text("EC PKCS#8"));
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
