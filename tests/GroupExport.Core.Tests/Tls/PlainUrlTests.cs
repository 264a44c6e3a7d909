using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Tls;

/// <summary>A server behind a TLS proxy that does not know that it is asked over https, and names plain http URLs of its own host.</summary>
public sealed class PlainUrlTests : IDisposable
{
    private readonly MadeAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Status_page_and_file_are_asked_for_over_https_with_the_token_and_one_warning()
    {
        string plain = "";
        TlsServer server = await TlsServer.StartAsync(_authority.ForServer("127.0.0.1"), arrival => $"{arrival.Verb} {arrival.Path}" switch
        {
            "GET /r4/Group/g/$export" => Answer.Accepted($"{plain}status/1"),
            "GET /status/1" => Answer.Json($$"""{"requiresAccessToken":true,"output":[],"link":[{"relation":"next","url":"{{plain}}page/2"}]}"""),
            "GET /page/2" => Answer.Json($$"""{"output":[{"type":"Patient","url":"{{plain}}file"}]}"""),
            _ => TlsExport.Script(arrival),
        });
        await using (server)
        {
            plain = server.Root.AbsoluteUri.Replace("https:", "http:", StringComparison.Ordinal);
            using GroupExportConnection connection = TlsExport.Settings(server.Root, _authority).WithToken().Open();

            ExportJob job = await Exports.KickOffAsync(connection, TlsExport.Request);
            SavedFile file = (await TlsExport.SaveAsync(connection, job)).Of<FileDone>().Single().File;

            Assert.Equal(("Saved", server.Url("status/1")), (file.State, job.StatusUrl));
            Assert.All(server.Arrivals, arrival => Assert.Equal("Bearer t0ken", arrival.Request.Header("Authorization")));
            Assert.Contains("read as https", Assert.Single(connection.TakeCautions()));
        }
    }
}
