using GroupExport.Connections;

namespace GroupExport.Tests.Connections;

public sealed class ConnectionSettingsTests
{
    [Theory]
    [InlineData("https://fhir.example.org/r4", "https://fhir.example.org/r4/")]
    [InlineData("https://fhir.example.org/r4/", "https://fhir.example.org/r4/")]
    [InlineData("https://fhir.example.org", "https://fhir.example.org/")]
    [InlineData("http://localhost:8080/fhir", "http://localhost:8080/fhir/")]
    public void A_server_gets_its_closing_slash(string given, string expected) =>
        Assert.Equal(expected, ConnectionSettings.CheckedServer(new Uri(given)).AbsoluteUri);

    [Theory]
    [InlineData("fhir.example.org/r4")]
    [InlineData("/r4?secret")]
    [InlineData("http://fhir.example.org/r4")]
    [InlineData("ftp://fhir.example.org/r4")]
    [InlineData("https://fhir.example.org/r4?key=secret")]
    [InlineData("https://fhir.example.org/r4#secret")]
    [InlineData("https://user:secret@fhir.example.org/r4")]
    public void An_address_that_is_no_safe_base_is_refused(string given)
    {
        ExportException refusal = Assert.Throws<ExportException>(() => ConnectionSettings.CheckedServer(new Uri(given, UriKind.RelativeOrAbsolute)));

        Assert.Equal(ExportErrorKind.InvalidServerUri, refusal.Kind);
        if (given.StartsWith("https", StringComparison.Ordinal))
        {
            Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(RedoxRegion.US, "https://api.redoxengine.com/fhir/R4/redox-fhir-sandbox/Development/")]
    [InlineData(RedoxRegion.Canada, "https://api.ca.redoxengine.com/fhir/R4/redox-fhir-sandbox/Development/")]
    public void Each_region_has_its_server(RedoxRegion region, string expected) =>
        Assert.Equal(expected, ConnectionSettings.RedoxBase(ConnectionSettings.RedoxServer(region), "redox-fhir-sandbox", "Development").AbsoluteUri);

    [Fact]
    public void A_free_text_flag_cannot_change_the_path() =>
        Assert.Equal("https://api.redoxengine.com/fhir/R4/a%2Fb/My%20Env%3Fx/", ConnectionSettings.RedoxBase(ConnectionSettings.RedoxServer(RedoxRegion.US), "a/b", "My Env?x").AbsoluteUri);
}
