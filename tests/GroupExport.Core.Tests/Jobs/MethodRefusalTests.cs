using GroupExport.Connections;
using GroupExport.Requests;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Jobs;

/// <summary>A server that does not take the method is told of with what to do instead.</summary>
public sealed class MethodRefusalTests
{
    [Theory]
    [InlineData(404, 2, null, KickOffMethod.Post, false, "knows only GET wants the kick-off without -Method.")]
    [InlineData(405, 3, null, null, true, "it wants no patients.")]
    [InlineData(415, 3, null, KickOffMethod.Post, true, "it wants the kick-off without -Method, and no patients.")]
    [InlineData(405, 4, null, null, false, "knows only GET wants a connection with -SpecVersion 3 (or 2).")]
    [InlineData(405, 4, null, null, true, "-SpecVersion 3 (or 2), and no patients.")]
    [InlineData(415, 2, RequestStyle.FhirParameters, null, false, "-RequestStyle FhirQuery.")]
    [InlineData(405, 4, RequestStyle.FhirParameters, null, false, "-RequestStyle FhirQuery.")]
    [InlineData(405, 2, RequestStyle.Redox, null, false, "knows only GET wants -Method Get.")]
    [InlineData(405, 2, RequestStyle.Redox, null, true, "-Method Get, and no patients.")]
    [InlineData(405, 2, null, null, false, "knows only POST wants a connection with -SpecVersion 4")]
    [InlineData(405, 2, RequestStyle.Redox, KickOffMethod.Get, false, "knows only POST wants -Method Post.")]
    public async Task The_alternative_is_named(int status, int specVersion, RequestStyle? style, KickOffMethod? method, bool patients, string alternative)
    {
        ExportException failure = await FailureAsync(status, specVersion, style, new ExportRequest { GroupId = "g", Method = method, Patients = patients ? ["Patient/1"] : [] });

        Assert.Equal(ExportErrorKind.KickOffRejected, failure.Kind);
        Assert.Equal(status, failure.StatusCode);
        Assert.Contains(alternative, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, KickOffMethod.Get)]
    [InlineData(415, KickOffMethod.Get)]
    [InlineData(400, KickOffMethod.Post)]
    [InlineData(422, KickOffMethod.Post)]
    public async Task A_refusal_of_another_kind_names_none(int status, KickOffMethod method)
    {
        ExportException failure = await FailureAsync(status, 2, null, new ExportRequest { GroupId = "g", Method = method });

        Assert.Equal(ExportErrorKind.KickOffRejected, failure.Kind);
        Assert.DoesNotContain("knows only", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<ExportException> FailureAsync(int status, int specVersion, RequestStyle? style, ExportRequest request)
    {
        await using RecordingServer server = new(Answer.Plain(status));
        ConnectionSettings settings = style == RequestStyle.Redox ? TestConnections.Redox(server) : TestConnections.Fhir(server, specVersion, style);
        using GroupExportConnection connection = settings.Open();
        return await Assert.ThrowsAsync<ExportException>(() => Exports.KickOffAsync(connection, request));
    }
}
