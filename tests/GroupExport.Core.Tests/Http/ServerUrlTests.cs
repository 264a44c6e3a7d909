using System.Diagnostics;
using GroupExport.Http;

namespace GroupExport.Tests.Http;

/// <summary>What a URL that a server sent becomes, without a network.</summary>
public sealed class ServerUrlTests
{
    private const string Base = "https://fhir.example.org/r4/status/1?job=%41";

    [Theory]
    [InlineData("https://x.example/%2Da%7Eb/%41/%2e%2e/%2E.", "https://x.example/%2Da%7Eb/%41/%2e%2e/%2E.")]
    [InlineData("https://x.example/a/../b/./c", "https://x.example/a/../b/./c")]
    [InlineData("https://x.example/a;v=1,2/'x'|y/[k]/\\b/\"<>^`{}", "https://x.example/a;v=1,2/'x'|y/[k]/\\b/\"<>^`{}")]
    [InlineData("https://x.example//a//b//", "https://x.example//a//b//")]
    [InlineData("https://x.example/a?", "https://x.example/a?")]
    [InlineData("https://x.example/a??b=c?d", "https://x.example/a??b=c?d")]
    [InlineData("https://x.example/plus+plus?a+b=%2B", "https://x.example/plus+plus?a+b=%2B")]
    [InlineData("https://x.example/%zz/%/%4", "https://x.example/%zz/%/%4")]
    [InlineData("https://x.example/p?u=http%3A%2F%2Fx%2Fy&v=%2e%2E/../x", "https://x.example/p?u=http%3A%2F%2Fx%2Fy&v=%2e%2E/../x")]
    [InlineData("https://x.example/a b?c d", "https://x.example/a%20b?c%20d")]
    [InlineData("https://x.example/\u20ac/\U0001F600?\u00fc", "https://x.example/%E2%82%AC/%F0%9F%98%80?%C3%BC")]
    [InlineData("https://x.example/\u202e\u200b", "https://x.example/%E2%80%AE%E2%80%8B")]
    [InlineData("https://x.example/a#b?c", "https://x.example/a")]
    [InlineData("https://x.example/a?b#c#d", "https://x.example/a?b")]
    [InlineData("https://x.example", "https://x.example/")]
    [InlineData("https://x.example?q", "https://x.example/?q")]
    [InlineData("  https://x.example/a ", "https://x.example/a")]
    [InlineData("HTTPS://X.Example:443/A", "https://x.example/A")]
    [InlineData("https://x.example:/a", "https://x.example/a")]
    [InlineData("http://127.0.0.1:8080/%2D", "http://127.0.0.1:8080/%2D")]
    [InlineData("https://[2001:DB8::1]:8443/%2D", "https://[2001:db8::1]:8443/%2D")]
    [InlineData("https://b\u00fccher.example:8443/\u00fc", "https://xn--bcher-kva.example:8443/%C3%BC")]
    [InlineData("https://good.example@evil.example/a", "https://evil.example/a")]
    [InlineData("https://user:password@x.example/a@b", "https://x.example/a@b")]
    public void An_absolute_URL_stays_as_it_was_received(string received, string sent)
    {
        ServerUrl url = ServerUrl.Of(received);

        Assert.Equal(sent, url.Text);
        Assert.Equal(sent, url.Uri.AbsoluteUri);
        Assert.Equal(sent[sent.IndexOf('/', 8)..], url.Uri.PathAndQuery);
        Assert.Equal(url, ServerUrl.Of(Base).Resolve(received));
        Assert.Equal(sent, ServerUrl.Of(url.Text).Text);
        Assert.Equal(sent, ServerUrl.Of(url.Uri).Text);
    }

    [Theory]
    [InlineData("%2e%2e/%41", "https://fhir.example.org/r4/status/%2e%2e/%41")]
    [InlineData("../%2e/x", "https://fhir.example.org/r4/%2e/x")]
    [InlineData("../../../../x", "https://fhir.example.org/x")]
    [InlineData("/a/./b/../c//d/..", "https://fhir.example.org/a/c//")]
    [InlineData("/a//../b", "https://fhir.example.org/a/b")]
    [InlineData(".", "https://fhir.example.org/r4/status/")]
    [InlineData("..", "https://fhir.example.org/r4/")]
    [InlineData("", "https://fhir.example.org/r4/status/1?job=%41")]
    [InlineData("#f", "https://fhir.example.org/r4/status/1?job=%41")]
    [InlineData("?", "https://fhir.example.org/r4/status/1?")]
    [InlineData("?page=%2D2", "https://fhir.example.org/r4/status/1?page=%2D2")]
    [InlineData("2?u=a/../b", "https://fhir.example.org/r4/status/2?u=a/../b")]
    [InlineData("1:2", "https://fhir.example.org/r4/status/1:2")]
    [InlineData("./a:b", "https://fhir.example.org/r4/status/a:b")]
    [InlineData("//files.example.org/%2D", "https://files.example.org/%2D")]
    [InlineData("/.//evil.example/x", "https://fhir.example.org//evil.example/x")]
    [InlineData("\\\\evil.example\\x", "https://fhir.example.org/r4/status/\\\\evil.example\\x")]
    [InlineData("/\\evil.example/x", "https://fhir.example.org/\\evil.example/x")]
    [InlineData("https:/x", "https://fhir.example.org/x")]
    [InlineData("https:x", "https://fhir.example.org/r4/status/x")]
    public void A_relative_reference_is_resolved_by_RFC_3986_and_nothing_is_decoded(string reference, string sent)
    {
        ServerUrl url = ServerUrl.Of(Base).Resolve(reference);

        Assert.Equal(sent, url.Text);
        Assert.Equal(sent, url.Uri.AbsoluteUri);
    }

    /// <summary>RFC 3986, 5.4.1 and 5.4.2.</summary>
    [Theory]
    [InlineData("g", "http://a/b/c/g")]
    [InlineData("./g", "http://a/b/c/g")]
    [InlineData("g/", "http://a/b/c/g/")]
    [InlineData("/g", "http://a/g")]
    [InlineData("//g", "http://g/")]
    [InlineData("?y", "http://a/b/c/d;p?y")]
    [InlineData("g?y", "http://a/b/c/g?y")]
    [InlineData("", "http://a/b/c/d;p?q")]
    [InlineData("g#s", "http://a/b/c/g")]
    [InlineData(";x", "http://a/b/c/;x")]
    [InlineData("g;x?y#s", "http://a/b/c/g;x?y")]
    [InlineData("./", "http://a/b/c/")]
    [InlineData("../", "http://a/b/")]
    [InlineData("../g", "http://a/b/g")]
    [InlineData("../..", "http://a/")]
    [InlineData("../../g", "http://a/g")]
    [InlineData("../../../g", "http://a/g")]
    [InlineData("/./g", "http://a/g")]
    [InlineData("/../g", "http://a/g")]
    [InlineData("g.", "http://a/b/c/g.")]
    [InlineData("..g", "http://a/b/c/..g")]
    [InlineData("./../g", "http://a/b/g")]
    [InlineData("./g/.", "http://a/b/c/g/")]
    [InlineData("g/./h", "http://a/b/c/g/h")]
    [InlineData("g/../h", "http://a/b/c/h")]
    [InlineData("g;x=1/../y", "http://a/b/c/y")]
    [InlineData("g?y/../x", "http://a/b/c/g?y/../x")]
    [InlineData("http:g", "http://a/b/c/g")]
    public void The_examples_of_RFC_3986_hold(string reference, string expected) =>
        Assert.Equal(expected, ServerUrl.Of("http://a/b/c/d;p?q").Resolve(reference).Text);

    [Theory]
    [InlineData("https://x.example/a\r\nX-Injected: 1", "U+000D")]
    [InlineData("https://x.example/a\n", "U+000A")]
    [InlineData("https://x.example/a\0", "U+0000")]
    [InlineData("https://x.example/a\tb", "U+0009")]
    [InlineData("https://x.example/a\u001b[31m", "U+001B")]
    [InlineData("https://x.example/a\u007f", "U+007F")]
    [InlineData("https://x.example/a?b=\u0085", "U+0085")]
    [InlineData("https://x.example/a\u2028", "U+2028")]
    [InlineData("https://x.example/a\u2029", "U+2029")]
    [InlineData("https://x.example/a#\r\n", "U+000D")]
    [InlineData("relative\r\nX-Injected: 1", "U+000D")]
    [InlineData("https://", "host")]
    [InlineData("https:///a", "host")]
    [InlineData("http:x", "host")]
    [InlineData("https://x.example:99999/", "host")]
    [InlineData("https://x.example:-1/", "host")]
    [InlineData("https://x.example:80:80/", "host")]
    [InlineData("https://good.example\\@evil.example/", "host")]
    [InlineData("https://good.example\\.evil.example/", "host")]
    [InlineData("https://a@b@c/", "host")]
    [InlineData("https://%65vil.example/", "host")]
    [InlineData("https://e vil.example/", "host")]
    [InlineData("https://ev\u2100l.example/", "host")]
    [InlineData("https://ev\uff0fil.example/", "host")]
    [InlineData("https://[::1/2", "host")]
    [InlineData("https://[fe80::1%25eth0]/", "host")]
    public void What_cannot_be_requested_as_it_is_is_refused_with_its_own_error_id(string received, string reason)
    {
        ServerUrl url = ServerUrl.Of(Base).Resolve(received);

        Assert.False(url.IsUsable);
        Assert.Equal(received, url.Text);
        ExportException refusal = Assert.Throws<ExportException>(() => url.Uri);
        Assert.Equal(ExportErrorKind.UnsafeServerUrl, refusal.Kind);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(url.ToString(), char.IsControl);
    }

    [Fact]
    public void Half_a_character_is_refused() =>
        Assert.All(["https://x.example/\ud800", "https://x.example/\udc00", "https://x.example/\udc00\ud800", "\ud800a"], text => Assert.False(ServerUrl.Of(Base).Resolve(text).IsUsable));

    [Theory]
    [InlineData("gs://bucket/file%2D")]
    [InlineData("s3://bucket/a/b")]
    [InlineData("ftp://files.example.org/file")]
    public void A_URL_of_another_scheme_is_kept_to_be_named(string received)
    {
        ServerUrl url = ServerUrl.Of(Base).Resolve(received);

        Assert.True(url.IsUsable);
        Assert.False(url.IsHttp);
        Assert.False(Origin.IsSafe(url.Uri));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("../")]
    [InlineData("%")]
    [InlineData(" ")]
    [InlineData("\u20ac")]
    [InlineData("?")]
    [InlineData("a:")]
    public void A_URL_of_a_million_characters_is_refused_at_once(string unit)
    {
        string path = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));
        long started = Stopwatch.GetTimestamp();

        foreach (string url in (string[])["https://x.example/" + path, "https://" + path, path, "https:" + path])
        {
            Assert.True(ServerUrl.Of(Base).Resolve(url) is { IsUsable: false } || path.Trim().Length == 0);
        }

        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void The_longest_URL_is_usable()
    {
        string path = "/" + new string('a', ServerUrl.MaxCharacters - 100);

        Assert.Equal(path, ServerUrl.Of("https://x.example" + path).Uri.PathAndQuery);
        Assert.False(ServerUrl.Of("https://x.example/" + new string('\u20ac', ServerUrl.MaxCharacters / 5)).IsUsable);
    }

    [Fact]
    public void It_is_shown_without_query_and_patient()
    {
        Assert.Equal("https://x.example/%2D?…", ServerUrl.Of("https://x.example/%2D?sig=secret").ToString());
        Assert.Equal("https://x.example/r4/Patient/…/$x", ServerUrl.Of("https://x.example/r4/Patient/secret/$x").ToString());
        Assert.DoesNotContain("secret", ServerUrl.Of("https://x.example/r4/%50atient/secret").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", ServerUrl.Of("https://user:secret@x.example/r4\n?sig=secret").ToString(), StringComparison.Ordinal);
    }

    /// <summary>All characters that RFC 3986 has for paths and queries, percent-encoded ones and those that servers send beside them.</summary>
    [Fact]
    public void Any_path_and_query_is_sent_as_it_was_received()
    {
        const string Characters = "abcXYZ019-._~!$&'()*+,;=:@/|[]{}\\\"<>^`";
        Random random = new(8);
        for (int i = 0; i < 20_000; i++)
        {
            string target = "/" + string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => random.Next(6) switch
            {
                0 => $"%{random.Next(256):X2}",
                1 => $"%{random.Next(256):x2}",
                2 => (string[])["../", "./", "//", "%", "%z", "?", "%2e%2E/"] is var odd ? odd[random.Next(odd.Length)] : "",
                _ => Characters[random.Next(Characters.Length)].ToString(),
            }));

            ServerUrl url = ServerUrl.Of("https://x.example" + target);

            Assert.Equal(target, url.Uri.PathAndQuery);
            Assert.Equal("x.example", url.Uri.IdnHost);
            Assert.Equal("https://x.example" + target, ServerUrl.Of(url.Uri).Text);
        }
    }

    [Fact]
    public void Any_text_is_a_URL_at_a_judged_origin_or_refused()
    {
        string[] pieces = ["https", "http", ":", "/", "//", "\\", "@", "?", "#", "[", "]", "::1", "127.1", "a.example", ".", "..", "%2e", "%", "\r\n", "\0", "\t", " ", "\u20ac", "\u00ad", "\u3002", "\uff0f", "\ud83d", "\ude00", "80", "99999", "x"];
        Random random = new(9);
        for (int i = 0; i < 50_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));

            ServerUrl url = ServerUrl.Of(Base).Resolve(text);

            _ = url.ToString();
            _ = url.LastSegment;
            if (url.IsHttp)
            {
                Assert.DoesNotContain(url.Uri.PathAndQuery, unit => unit is <= ' ' or >= '\u007f' or '#');
                Assert.StartsWith("/", url.Uri.PathAndQuery, StringComparison.Ordinal);
                Assert.DoesNotContain(url.Uri.IdnHost, unit => unit is '/' or '\\' or '@' or '%' or <= ' ' or >= '\u007f');
                Assert.Equal(url, ServerUrl.Of(url.Text));
                Assert.Equal(Origin.Of(url.Uri), Origin.Of(new Uri(url.Text)));
            }
            else if (!url.IsUsable)
            {
                Assert.Equal(ExportErrorKind.UnsafeServerUrl, Assert.Throws<ExportException>(() => url.Uri).Kind);
            }
        }
    }
}
