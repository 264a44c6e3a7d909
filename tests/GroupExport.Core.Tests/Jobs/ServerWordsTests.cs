using GroupExport.Jobs;

namespace GroupExport.Tests.Jobs;

/// <summary>Servers repeat whole URLs in what they say, those of others too, and a query can be a signature or a patient.</summary>
public sealed class ServerWordsTests
{
    [Theory]
    [InlineData("no right to https://files.example.org/a.ndjson?sig=abc&se=1 now", "no right to https://files.example.org/a.ndjson?… now")]
    [InlineData("{\"url\":\"https://x.example.org/y?identifier=123\"}", "{\"url\":\"https://x.example.org/y?…\"}")]
    [InlineData("HTTP://x.example.org?a=b and http://y.example.org/#c", "HTTP://x.example.org?… and http://y.example.org/?…")]
    [InlineData("at https://user:secret@x.example.org/y", "at https://x.example.org/y")]
    [InlineData("at https://x.example.org/a@b", "at https://x.example.org/a@b")]
    [InlineData("is it https://x.example.org/y?", "is it https://x.example.org/y?")]
    [InlineData("https://x.example.org/y?…", "https://x.example.org/y?…")]
    [InlineData("what? no URL=1 here", "what? no URL=1 here")]
    public void URLs_in_them_are_shown_without_query_and_user(string words, string shown) =>
        Assert.Equal(shown, new ServerWords(connection: null, sent: null).Mask(words));
}
