using GroupExport.Requests;

namespace GroupExport.Tests.Requests;

/// <summary>Tells whether two requests ask for the same, and not what they ask for.</summary>
public sealed class RequestFingerprintTests
{
    private const string Server = "https://fhir.example.org/r4/";

    private static readonly ExportRequest s_request = new() { GroupId = "g", Patients = ["Patient/1", "Patient/2"], Types = ["Patient", "Observation"], Since = "2026-11-01T00:00:00Z" };

    [Fact]
    public void A_fingerprint_matches_its_request_in_any_order_and_at_any_time()
    {
        string fingerprint = RequestFingerprint.Create(s_request, Server);

        Assert.True(RequestFingerprint.Matches(fingerprint, s_request, Server));
        Assert.True(RequestFingerprint.Matches(fingerprint, s_request with { Patients = ["Patient/2", "Patient/1"], Types = ["Observation", "Patient"] }, Server));
        Assert.True(RequestFingerprint.Matches(fingerprint, s_request with { Envelope = new() { EventDateTime = "2030-01-01T00:00:00Z" } }, Server));
    }

    [Fact]
    public void The_salt_makes_every_fingerprint_another()
    {
        string[] fingerprints = [.. Enumerable.Range(0, 20).Select(_ => RequestFingerprint.Create(s_request, Server))];

        Assert.Equal(20, fingerprints.Distinct().Count());
        Assert.All(fingerprints, fingerprint => Assert.Matches("^[0-9A-F]{32}\\.[0-9A-F]{64}$", fingerprint));
    }

    [Fact]
    public void Requests_that_ask_for_something_else_do_not_match()
    {
        ExportRequest[] all =
        [
            .. RequestCases.All.Values,
            s_request,
            s_request with { GroupId = "h" },
            s_request with { Patients = ["Patient/1"] },
            s_request with { Patients = ["Patient/1,Patient/2"] },
            s_request with { Patients = ["Patient/17:patientPatient/2"] },
            s_request with { Types = ["Patient,Observation"] },
            s_request with { Types = [], Elements = ["Patient", "Observation"] },
            s_request with { Since = null, Until = "2026-11-01T00:00:00Z" },
            s_request with { IsLenient = true },
            s_request with { Envelope = new() { Test = true } },
            s_request with { Envelope = new() { Test = false } },
            s_request with { Envelope = new() { FacilityCode = "N" } },
            s_request with { Envelope = new() { Source = new("1", null) } },
            s_request with { Envelope = new() { Source = new(null, "1") } },
            s_request with { Envelope = new() { Destinations = [new("1", null)] } },
        ];

        foreach (ExportRequest request in all)
        {
            string fingerprint = RequestFingerprint.Create(request, Server);
            Assert.Same(request, Assert.Single(all, other => RequestFingerprint.Matches(fingerprint, other, Server)));
            Assert.False(RequestFingerprint.Matches(fingerprint, request, "https://other.example.org/"));
        }
    }

    [Fact]
    public void A_scope_is_the_same_at_any_time_and_for_any_patients()
    {
        string scope = RequestFingerprint.CreateScope(s_request, Server);

        ExportRequest[] same =
        [
            s_request,
            s_request with { Since = null, Until = "2026-11-02T00:00:00Z" },
            s_request with { Patients = [] },
            s_request with { OutputFormat = "ndjson", AllowPartialManifests = true, Method = KickOffMethod.Get },
            s_request with { Types = ["Observation", "Patient"], Envelope = new() { EventDateTime = "2030-01-01T00:00:00Z" } },
        ];
        Assert.All(same, request => Assert.True(RequestFingerprint.MatchesScope(scope, request, Server)));
        Assert.NotEqual(scope, RequestFingerprint.CreateScope(s_request, Server));
    }

    [Fact]
    public void A_scope_differs_by_all_that_decides_what_comes()
    {
        string scope = RequestFingerprint.CreateScope(s_request, Server);

        ExportRequest[] others =
        [
            s_request with { GroupId = "h" },
            s_request with { Types = ["Patient"] },
            s_request with { TypeFilters = ["Observation?status=final"] },
            s_request with { Elements = ["id"] },
            s_request with { IncludeAssociatedData = ["LatestProvenanceResources"] },
            s_request with { OrganizeOutputBy = "Patient" },
            s_request with { IsLenient = true },
            s_request with { Envelope = new() { Test = true } },
        ];
        Assert.All(others, request => Assert.False(RequestFingerprint.MatchesScope(scope, request, Server)));
        Assert.False(RequestFingerprint.MatchesScope(scope, s_request, "https://other.example.org/"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("00.11")]
    [InlineData("zz.11")]
    [InlineData("0.1")]
    [InlineData("00.11.22")]
    public void Text_that_is_no_fingerprint_matches_nothing(string text) => Assert.False(RequestFingerprint.Matches(text, s_request, Server));
}
