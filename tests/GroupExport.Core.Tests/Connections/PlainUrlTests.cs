using GroupExport.Connections;
using GroupExport.Http;

namespace GroupExport.Tests.Connections;

/// <summary>Plain http URLs of the connection's own host, as servers behind a TLS proxy name them.</summary>
public sealed class PlainUrlTests
{
    [Theory]
    [InlineData("http://fhir.example.org/status/1?x=%2B", "https://fhir.example.org/status/1?x=%2B")]
    [InlineData("http://fhir.example.org/%2D1/../%7E;'|?x=%41&", "https://fhir.example.org/%2D1/../%7E;'|?x=%41&")]
    [InlineData("http://FHIR.example.org:80/status/1", "https://fhir.example.org/status/1")]
    [InlineData("http://fhir.example.org:443/status/1", "https://fhir.example.org/status/1")]
    [InlineData("http://fhir.example.org:8080/status/1", "http://fhir.example.org:8080/status/1")]
    [InlineData("http://other.example.org/status/1", "http://other.example.org/status/1")]
    [InlineData("https://fhir.example.org/status/1", "https://fhir.example.org/status/1")]
    public void They_are_read_as_https_and_no_others(string said, string meant)
    {
        using GroupExportConnection connection = new(new ConnectionSettings { FhirBase = new Uri("https://fhir.example.org/r4/") });

        Assert.Equal(meant, connection.Meant(ServerUrl.Of(said)).Text);
    }

    [Fact]
    public void The_port_of_the_connection_is_kept()
    {
        using GroupExportConnection connection = new(new ConnectionSettings { FhirBase = new Uri("https://fhir.example.org:8443/r4/") });

        Assert.Equal("https://fhir.example.org:8443/s", connection.Meant(ServerUrl.Of("http://fhir.example.org/s")).Text);
        Assert.Equal("https://fhir.example.org:8443/s", connection.Meant(ServerUrl.Of("http://fhir.example.org:8443/s")).Text);
    }

    [Fact]
    public void A_warning_says_so_once_and_shows_no_query()
    {
        using GroupExportConnection connection = new(new ConnectionSettings { FhirBase = new Uri("https://fhir.example.org/r4/") });

        connection.Meant(ServerUrl.Of("https://fhir.example.org/s"));
        Assert.Empty(connection.TakeCautions());

        connection.Meant(ServerUrl.Of("http://fhir.example.org/s?sig=planted"));
        connection.Meant(ServerUrl.Of("http://fhir.example.org/t"));

        string caution = Assert.Single(connection.TakeCautions());
        Assert.Contains("http://fhir.example.org/s", caution);
        Assert.DoesNotContain("planted", caution);
    }

    [Fact]
    public void A_connection_to_loopback_without_TLS_takes_URLs_as_they_are()
    {
        using GroupExportConnection connection = new(new ConnectionSettings { FhirBase = new Uri("http://127.0.0.1:8080/r4/") });

        Assert.Equal("http://127.0.0.1/s", connection.Meant(ServerUrl.Of("http://127.0.0.1/s")).Text);
    }
}
