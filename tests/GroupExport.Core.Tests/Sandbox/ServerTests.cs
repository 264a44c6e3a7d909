using System.Net;
using System.Net.Sockets;
using System.Text;
using GroupExport.Sandbox;
using GroupExport.Sandbox.Http;

namespace GroupExport.Tests.Sandbox;

public sealed class ServerTests
{
    [Fact]
    public async Task Several_sandboxes_run_at_once()
    {
        var clients = Enumerable.Range(1, 8).AsParallel().Select(seed => new PracticeClient(PracticeClient.Fast with { Seed = seed })).ToList();
        Assert.Equal(8, clients.Select(client => client.Sandbox.BaseUri.Port).Distinct().Count());
        foreach (var client in clients)
        {
            Assert.NotEmpty(await client.Resources("_type=Patient"));
            Assert.Equal(IPAddress.Loopback.ToString(), client.Sandbox.BaseUri.Host);
            client.Dispose();
        }
    }

    [Fact]
    public async Task Five_thousand_requests_are_answered()
    {
        using var client = new PracticeClient();
        var manifest = await client.Export("_type=Patient");
        client.Sandbox.ClearRequests();
        for (var i = 0; i < 1000; i++)
        {
            using var answer = await client.Http.GetAsync(manifest.Status);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await Parallel.ForEachAsync(Enumerable.Range(0, 4000), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, cancellation) =>
        {
            using var answer = await client.Http.GetAsync(i % 2 == 0 ? manifest.Output[0].Url : manifest.Status.ToString(), cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        });
        Assert.Equal(5000, client.Sandbox.Requests.Count);
    }

    [Fact]
    public async Task Stop_cuts_downloads_and_held_back_answers_at_once()
    {
        using var client = new PracticeClient(PracticeClient.Fast with { BytesPerSecond = 100 });
        using var slow = new PracticeClient(PracticeClient.Fast with { ResponseDelay = TimeSpan.FromHours(1) });
        var manifest = await client.Export("_type=Observation");
        using var download = await client.Http.GetAsync(manifest.Output[0].Url, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await download.Content.ReadAsStreamAsync();
        Assert.NotEqual(0, await body.ReadAsync(new byte[10]));
        var held = slow.Http.GetAsync(slow.Sandbox.FhirBaseUri + "/metadata");
        while (slow.Sandbox.Requests.Count == 0)
        {
            await Task.Delay(5);
        }

        client.Sandbox.Stop();
        slow.Sandbox.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => body.CopyToAsync(Stream.Null));
        await Assert.ThrowsAsync<HttpRequestException>(() => held);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.GetAsync(client.Sandbox.FhirBaseUri + "/metadata"));
        Assert.False(client.Sandbox.IsRunning);
        client.Sandbox.Stop();
        await client.Sandbox.DisposeAsync();
        await client.Sandbox.DisposeAsync();
    }

    [Fact]
    public async Task Clients_that_stall_or_break_off_disturb_nobody()
    {
        using var client = new PracticeClient(PracticeClient.Fast with { BytesPerSecond = 50_000 });
        var manifest = await client.Export("");
        var stalled = new List<TcpClient>();
        for (var i = 0; i < 50; i++)
        {
            var tcp = new TcpClient();
            await tcp.ConnectAsync(IPAddress.Loopback, client.Sandbox.BaseUri.Port);
            var text = i % 2 == 0
                ? "POST /fhir/Group/x/$export HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nhalf"
                : $"GET {new Uri(manifest.Output[0].Url).AbsolutePath} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
            await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
            if (i % 3 == 0)
            {
                tcp.LingerState = new LingerOption(true, 0);
                tcp.Close();
            }

            stalled.Add(tcp);
        }

        for (var i = 0; i < 100; i++)
        {
            using var answer = await client.Http.GetAsync(manifest.Status);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        stalled.ForEach(tcp => tcp.Dispose());
    }

    [Fact]
    public async Task A_body_beyond_the_bound_is_refused_unread()
    {
        using var client = new PracticeClient();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, client.Sandbox.BaseUri.Port);
        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /fhir/Group/diabetes-2026/$export HTTP/1.1\r\nHost: 127.0.0.1:{client.Sandbox.BaseUri.Port}\r\nContent-Length: 99999999999\r\n\r\n"));
        var buffer = new byte[200];
        var read = await tcp.GetStream().ReadAtLeastAsync(buffer, 12);
        Assert.StartsWith("HTTP/1.1 413", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_throttled_file_arrives_whole()
    {
        using var client = new PracticeClient(PracticeClient.Fast with { BytesPerSecond = 40_000 });
        Assert.Equal(4, (await client.Resources("_type=Patient")).Count);
    }

    [Fact]
    public async Task The_log_shows_requests_as_they_arrived_and_no_token()
    {
        using var client = new PracticeClient(PracticeClient.Fast with { AccessToken = "s3cret" });
        client.Http.DefaultRequestHeaders.Authorization = new("Bearer", "s3cret");
        var body = PracticeClient.RedoxBody().ToJsonString();
        using var first = await client.Redox(body, "?_outputFormat=application%2Fndjson");
        using var second = await client.Http.GetAsync(client.Sandbox.FhirBaseUri + "/Group/a%20b");
        var requests = client.Sandbox.Requests;
        Assert.Equal(["POST", "GET"], requests.Select(request => request.Method));
        Assert.Equal("/fhir/R4/redox-fhir-sandbox/Development/Group/diabetes-2026/$export", requests[0].Path);
        Assert.Equal("_outputFormat=application%2Fndjson", requests[0].Query);
        Assert.Equal(body, requests[0].Body);
        Assert.Equal("Bearer ***", requests[0].Headers["authorization"]);
        Assert.Equal("respond-async", requests[0].Headers["PREFER"]);
        Assert.Equal(DateTimeKind.Utc, requests[0].Time.Kind);
        Assert.Equal("/fhir/Group/a%20b", requests[1].Path);
        Assert.Equal("", requests[1].Query);
        Assert.Equal("GET /fhir/Group/a%20b", requests[1].ToString());
        Assert.DoesNotContain("s3cret", new SandboxOptions { AccessToken = "s3cret" }.ToString(), StringComparison.Ordinal);

        client.Sandbox.ClearRequests();
        Assert.Empty(client.Sandbox.Requests);
        Assert.Equal(2, requests.Count);
    }

    [Fact]
    public async Task A_token_without_scheme_is_masked_whole()
    {
        using var client = new PracticeClient();
        client.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "s3cret");
        using var answer = await client.Http.GetAsync(client.Sandbox.FhirBaseUri + "/metadata");
        Assert.Equal("***", client.Sandbox.Requests[0].Headers["Authorization"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task An_answer_that_ends_early_is_cut(int sent)
    {
        using var server = LoopbackServer.Start((_, _) => ValueTask.FromResult(new Reply(200) { Body = new ByteSegments(new byte[sent]), Count = 10 }));
        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetByteArrayAsync(server.Origin));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetByteArrayAsync(server.Origin));
    }

    [Fact]
    public async Task A_failing_answer_is_a_500_and_the_next_one_is_not()
    {
        var calls = 0;
        using var server = LoopbackServer.Start((_, _) => calls++ == 0 ? throw new NotSupportedException("once") : ValueTask.FromResult(new Reply(200)));
        using var http = new HttpClient();
        using var first = await http.GetAsync(server.Origin);
        Assert.Equal(HttpStatusCode.InternalServerError, first.StatusCode);
        Assert.Equal("exception", (await Outcomes.SingleIssue(first)).GetProperty("code").GetString());
        using var second = await http.GetAsync(server.Origin);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Fact]
    public async Task A_correlation_id_comes_back()
    {
        using var client = new PracticeClient();
        client.Http.DefaultRequestHeaders.Add("X-Correlation-Id", "run-7");
        using var answer = await client.FhirGet();
        Assert.Equal("run-7", answer.Headers.GetValues("X-Correlation-Id").Single());
    }
}
