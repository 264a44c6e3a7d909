using System.Net;
using System.Net.Http.Headers;
using System.Text;
using GroupExport.Fhir;
using GroupExport.Http;

namespace GroupExport.Tests.Http;

/// <summary>The one reading of a refusal.</summary>
public sealed class ServerAnswerTests
{
    [Theory]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid","diagnostics":"D0"}],"":1}""", "D0")]
    [InlineData("""{"resourceType":"OperationOutcome","contained":"x","issue":[{"severity":"error","code":"invalid","diagnostics":"D1"}]}""", "D1")]
    [InlineData("""{"resourceType":"OperationOutcome","contained":{"resourceType":"Patient"},"issue":[{"severity":"error","code":"invalid","diagnostics":"D2"}]}""", "D2")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":{"severity":"error","code":"invalid","diagnostics":"D3"}}""", "D3")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"severity":"ERROR","code":"nope","details":"D4"}]}""", "D4")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid","details":{"text":["D5"]}}]}""", "D5")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid","diagnostics":"D6","extension":"x"}]}""", "D6")]
    [InlineData("""{"resourceType":"OperationOutcome","text":{"status":"generated","div":"<p>bad"},"issue":[{"severity":"error","code":"invalid","diagnostics":"D7"}]}""", "D7")]
    [InlineData("""{"issue":[{"severity":"error","code":"invalid","diagnostics":"D8"}],"resourceType":"OperationOutcome"}""", "D8")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid","diagnostics":"\ud83d D9"}]}""", "\uFFFD D9")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"OperationOutcome","issue":[{"severity":"error","diagnostics":"D10"}]}}]}""", "D10")]
    [InlineData("""{"resourceType":"Bundle","entry":[{"response":{"outcome":{"resourceType":"OperationOutcome","issue":[{"diagnostics":"D11"}]}}}]}""", "D11")]
    [InlineData("""{"issues":[{"severity":"error","details":{"text":"D12"}}]}""", "D12")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"":1}]}""", "no further details")]
    public void An_OperationOutcome_is_read_whatever_is_wrong_with_it(string json, string expected)
    {
        ServerAnswer answer = Read(400, json, "application/fhir+json");

        Assert.Equal(AnswerForm.Outcome, answer.Form);
        Assert.Equal(expected, answer.Message);
        Assert.True(answer.IsRefusal);
    }

    [Fact]
    public void An_OperationOutcome_in_XML_is_read()
    {
        const string xml = """
            <?xml version="1.0" encoding="UTF-8"?>
            <OperationOutcome xmlns="http://hl7.org/fhir"><text><div xmlns="http://www.w3.org/1999/xhtml">x</div></text>
            <issue><severity value="error"/><code value="transient"/><details><text value="the database is gone"/></details><diagnostics value="d"/></issue>
            <issue><severity value="warning"/><code value="informational"/><diagnostics value="second"/></issue></OperationOutcome>
            """;

        ServerAnswer answer = Read(500, xml, "application/fhir+xml");

        Assert.Equal("the database is gone; second", answer.Message);
        Assert.True(answer.SaysTransient);
        Assert.Equal(["error", "warning"], answer.Issues.Select(issue => issue.Severity));
    }

    [Theory]
    [InlineData("""{"type":"about:blank","title":"Export failed","detail":"worker died"}""", "application/problem+json", "Export failed: worker died")]
    [InlineData("""{"title":"Export failed"}""", "application/problem+json", "Export failed")]
    [InlineData("""{"type":"x","title":"One or more validation errors occurred.","status":400,"errors":{"":["A body is required."],"_type":["bad","worse"]}}""", "application/json", "One or more validation errors occurred.; A body is required.; _type: bad; _type: worse")]
    [InlineData("""{"errors":{"":["x"]}}""", "application/json", "x")]
    [InlineData("""{"title":"busy","status":503,"errors":[{"detail":"first","pointer":"#/a"}]}""", "application/json", "busy; first")]
    [InlineData("<problem xmlns=\"urn:ietf:rfc:7807\"><title>Export failed</title><detail>worker died</detail></problem>", "application/problem+xml", "Export failed: worker died")]
    public void Problem_details_are_read(string body, string mediaType, string expected)
    {
        ServerAnswer answer = Read(400, body, mediaType);

        Assert.Equal(AnswerForm.Problem, answer.Form);
        Assert.Equal(expected, answer.Message);
        Assert.True(answer.IsOutcome);
    }

    [Fact]
    public void An_OAuth_error_is_read()
    {
        ServerAnswer answer = Read(401, """{"error":"invalid_token","error_description":"expired"}""");

        Assert.Equal(AnswerForm.OAuth, answer.Form);
        Assert.Equal("invalid_token: expired", answer.Message);
        Assert.Equal("invalid_token", answer.Issues[0].Code);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(",\"DestinationStatusCode\":504", true)]
    [InlineData(",\"DestinationStatusCode\":\"429\"", true)]
    [InlineData(",\"DestinationStatusCode\":408", true)]
    [InlineData(",\"DestinationStatusCode\":404", false)]
    public void Errors_of_Redox_are_read_with_their_log_ids(string code, bool isTransient)
    {
        ServerAnswer answer = Read(200, """{"Meta":{"Message":{"ID":96619801},"Logs":[{"ID":"1111-2222"}],"Errors":[{"ID":1,"Text":"destination timed out","Type":"transmission","Module":"Send"CODE}]}}""".Replace("CODE", code, StringComparison.Ordinal));

        Assert.Equal(AnswerForm.Redox, answer.Form);
        Assert.True(answer.IsRefusal);
        Assert.Equal(isTransient, answer.SaysTransient);
        Assert.Equal(["1111-2222", "96619801"], answer.LogIds);
        Assert.Equal("HTTP 200 OK: destination timed out, Redox log 1111-2222, 96619801", answer.ToString());
        Assert.Equal(answer.LogIds, answer.ToFailure(ExportErrorKind.KickOffRejected, "m", null).RedoxLogIds);
    }

    [Theory]
    [InlineData("""{"Meta":{"Errors":[],"Logs":[{"ID":"1"}]},"output":[]}""")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"severity":"information","diagnostics":"accepted"}]}""")]
    public void An_envelope_without_errors_is_no_refusal(string json) => Assert.False(Read(202, json).IsRefusal);

    [Theory]
    [InlineData("""{"message":"Internal server error"}""", "Internal server error")]
    [InlineData("""{"error":{"code":"AuthorizationFailed","message":"no right"}}""", "no right")]
    [InlineData("""{"timestamp":1,"status":404,"error":"Not Found","path":"/x"}""", "Not Found")]
    [InlineData("""{"errors":["too many"]}""", "too many")]
    [InlineData("""{"fault":{"faultstring":"Spike arrest"}}""", "Spike arrest")]
    [InlineData("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message><StringToSign>secret</StringToSign></Error>", "Request has expired")]
    public void The_message_of_a_gateway_or_storage_service_is_shown(string body, string expected)
    {
        ServerAnswer answer = Read(403, body);

        Assert.Equal(expected, answer.Message);
        Assert.False(answer.IsOutcome);
        Assert.DoesNotContain("secret", answer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", "quota of 7500 requests reached\r\nsecond line", "quota of 7500 requests reached")]
    [InlineData("text/plain", "\n\nHost: a.example\nX-Token: 1\nAuthorization: Bearer abc\nnot now", "not now")]
    [InlineData("text/plain", "eyJhbGciOiJSUzM4NCJ9.eyJhbGciOiJSUzM4NCJ9.eyJhbGciOiJSUzM4NCJ9x1\nnot now", "not now")]
    [InlineData("text/plain", "   at Company.Export.Run(Job job)\n  File \"/app/x.py\", line 3\nnot now", "not now")]
    [InlineData("application/json", "\"a JSON text\"", "a JSON text")]
    public void Of_a_plain_text_the_first_telling_line_is_shown(string mediaType, string body, string expected)
    {
        ServerAnswer answer = Read(429, body, mediaType);

        Assert.Equal(AnswerForm.Text, answer.Form);
        Assert.False(answer.IsPage);
        Assert.Equal(expected, answer.Message);
    }

    [Fact]
    public void Of_a_long_line_200_characters_are_shown() => Assert.Equal(new string('é', 200) + "…", Read(500, new string('é', 5000), "text/plain").Message);

    [Theory]
    [InlineData("text/html", "<html><head><title>Sign &amp; in</title></head>", ", a web page titled 'Sign & in'")]
    [InlineData("text/plain", "<!DOCTYPE HTML><body>secret", ", a web page such as a proxy's")]
    [InlineData("application/xml", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>", ", a web page such as a proxy's")]
    [InlineData("application/xml", "<a><b></a>", ", a web page such as a proxy's")]
    public void Of_a_web_page_only_the_title_is_shown(string mediaType, string body, string expected)
    {
        ServerAnswer answer = Read(502, body, mediaType);

        Assert.True(answer.IsPage);
        Assert.Null(answer.Message);
        Assert.Equal("HTTP 502 BadGateway" + expected, answer.ToString());
    }

    [Fact]
    public void Control_characters_terminal_escapes_and_overrides_are_made_visible()
    {
        ServerAnswer answer = Read(400, """{"resourceType":"OperationOutcome","issue":[{"diagnostics":"\u001b[31mred\u202egnp.exe\u0007\u009b1m line\r\nbreak"}]}""");

        Assert.Equal(@"\u001B[31mred\u202Egnp.exe\u0007\u009B1m line break", answer.Message);
    }

    [Theory]
    [InlineData("no Patient/4711")]
    [InlineData("no Patient%2F4711")]
    [InlineData("no Patient%252F4711")]
    [InlineData("no Patient&#x2F;4711")]
    [InlineData("no Patient\\\\u002f4711")]
    [InlineData("no Patient\\\\/4711")]
    [InlineData("no %50atient/4711")]
    public void What_is_masked_is_masked_in_its_encoded_forms_too(string echo)
    {
        ServerAnswer answer = Read(400, $$"""{"resourceType":"OperationOutcome","issue":[{"diagnostics":"{{echo}}"}]}""");

        Assert.DoesNotContain("4711", answer.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("no ", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("[{\"\":1}]")]
    [InlineData("{\"\":\"\"}")]
    [InlineData("{\"resourceType\":\"Parameters\",\"\":1}")]
    [InlineData("{\"resourceType\":\"OperationOutcome\",\"issue\":[]}")]
    [InlineData("{\"Meta\":[1],\"issue\":7,\"errors\":{\"a\":null},\"error\":{}}")]
    public void A_body_that_explains_nothing_is_neither_shown_nor_an_error(string json)
    {
        ServerAnswer answer = Read(500, json);

        Assert.Equal("HTTP 500 InternalServerError", answer.ToString());
        Assert.False(answer.IsOutcome);
    }

    [Fact]
    public void Thousands_of_issues_are_bounded()
    {
        string issues = string.Join(',', Enumerable.Range(0, 2_000).Select(number => $$"""{"diagnostics":"{{new string('x', 300)}}{{number}}"}"""));

        ServerAnswer answer = Read(400, $$"""{"resourceType":"OperationOutcome","issue":[{{issues}}]}""");

        Assert.Equal(20, answer.Issues.Count);
        Assert.Equal(1001, answer.Message!.Length);
    }

    private static ServerAnswer Read(int status, string body, string mediaType = "application/json")
    {
        using HttpResponseMessage response = new((HttpStatusCode)status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return ServerAnswer.ReadAsync(response, PatientReference.Mask, CancellationToken.None).GetAwaiter().GetResult();
    }
}
