using System.Globalization;
using System.Text;
using GroupExport.Sandbox;

namespace GroupExport.Tests.Sandbox;

public sealed class GivenDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_are_served_byte_by_byte_as_they_were_given()
    {
        var files = new Dictionary<string, (byte[] Bytes, int Count)>
        {
            ["Patient.ndjson"] = (Encoding.UTF8.GetBytes("{\"resourceType\":\"Patient\",\"id\":\"p\",\"name\":[{\"family\":\"Gro\\u00df 日本\"}]}"), 1),
            ["Condition.ndjson.gz"] = (Encoding.UTF8.GetBytes("{ \"resourceType\" : \"Condition\",\"id\":\"1\"}\r\n\r\n  {\"id\":\"2\",\"resourceType\":\"Condition\"}  \n\n"), 2),
            ["Organization.ndjson"] = ([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("{\"resourceType\":\"Organization\",\"id\":\"é\"}\n")], 1),
            ["Observation.ndjson.gz"] = (LongFile("Observation", 4000, 900), 4000),
            ["Binary.ndjson"] = (LongFile("Binary", 3, 3_000_000), 3),
        };
        foreach (var (name, file) in files)
        {
            _folder.Write(name, file.Bytes);
        }

        _folder.Write("README.md", "not data");
        _folder.Write("Empty.ndjson", "\n");
        using var client = Serve();
        var manifest = await client.Export("");
        Assert.Equal(["Binary", "Condition", "Observation", "Organization", "Patient"], manifest.Output.Select(file => file.Type));
        foreach (var output in manifest.Output)
        {
            var given = files.Single(file => file.Key.StartsWith(output.Type, StringComparison.Ordinal)).Value;
            Assert.Equal(given.Bytes, await client.Http.GetByteArrayAsync(output.Url));
            Assert.Equal(given.Count, output.Count);
        }
    }

    [Fact]
    public async Task Several_files_of_one_type_stay_apart_in_order_of_their_names()
    {
        _folder.Write("Patient.0002.ndjson", "{\"resourceType\":\"Patient\",\"id\":\"second\"}");
        _folder.Write("Patient.0001.ndjson", "{\"resourceType\":\"Patient\",\"id\":\"first\"}\n");
        using var client = Serve();
        var resources = await client.Resources("");
        Assert.Equal(["first", "second"], resources.Select(resource => resource.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_filtered_file_drops_blank_lines_and_a_byte_order_mark()
    {
        _folder.Write("Patient.ndjson", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("\n{\"resourceType\":\"Patient\",\"id\":\"a\"}\n\n \n{\"resourceType\":\"Patient\",\"id\":\"b\"}\n")]);
        using var client = Serve();
        var manifest = await client.Export("_since=2026-01-01T00:00:00Z");
        Assert.Equal("{\"resourceType\":\"Patient\",\"id\":\"a\"}\n{\"resourceType\":\"Patient\",\"id\":\"b\"}\n", await client.Http.GetStringAsync(manifest.Output[0].Url));
    }

    [Fact]
    public void Data_without_Patient_resources_has_the_patients_that_it_refers_to()
    {
        _folder.Write("Condition.ndjson", """
            {"resourceType":"Condition","id":"1","subject":{"reference":"Patient/a"}}
            {"resourceType":"Condition","id":"2","subject":{"reference":"Patient/b"}}
            {"resourceType":"Condition","id":"3","subject":{"reference":"Group/c"}}
            """);
        using var client = Serve();
        Assert.Equal(2, client.Sandbox.PatientCount);
        Assert.Equal(["diabetes-2026"], client.Sandbox.GroupIds);
    }

    [Theory]
    [InlineData("no-such-folder", null, "does not exist")]
    [InlineData("", null, "holds no *.ndjson")]
    [InlineData("", "", "hold no resources")]
    [InlineData("", "{\"resourceType\":\"Patient\",\"id\":\"a\"}\nsecret", "Line 2")]
    [InlineData("", "{\"resourceType\":\"Patient\",\"id\":\"a\"} {}", "Line 1")]
    [InlineData("", "{\"resourceType\":\"Patient\",\"id\":\"a\"}\n\n{\"resourceType\":\"Condition\"}", "Line 3")]
    [InlineData("", "{\"id\":\"a\"}", "resourceType")]
    [InlineData("", "{\"resourceType\":\"Patient\"}", "without id")]
    [InlineData("", "[1]", "Line 1")]
    [InlineData("File.ndjson", "{}", "is a file")]
    public void Unusable_data_is_refused_with_a_sentence(string below, string? content, string expected)
    {
        if (content is not null)
        {
            _folder.Write("File.ndjson", content);
        }

        var exception = Assert.Throws<SandboxException>(() => ExportSandbox.Start(new SandboxOptions { DataPath = Path.Combine(_folder.Path, below) }));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_gzip_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "Patient.ndjson.gz"), "{}");
        Assert.Throws<SandboxException>(() => ExportSandbox.Start(new SandboxOptions { DataPath = _folder.Path }));
    }

    public static TheoryData<SandboxOptions, string> BadOptions => new()
    {
        { new SandboxOptions { PatientCount = -1 }, "PatientCount" },
        { new SandboxOptions { MaxResourcesPerFile = 0 }, "MaxResourcesPerFile" },
        { new SandboxOptions { RetryAfterSeconds = -1 }, "RetryAfterSeconds" },
        { new SandboxOptions { ExportDuration = TimeSpan.FromSeconds(-1) }, "ExportDuration" },
        { new SandboxOptions { ResponseDelay = TimeSpan.FromSeconds(-1) }, "ResponseDelay" },
        { new SandboxOptions { BytesPerSecond = 0 }, "BytesPerSecond" },
        { new SandboxOptions { AccessToken = "" }, "AccessToken" },
        { new SandboxOptions { GroupId = "a/b" }, "GroupId" },
        { new SandboxOptions { DestinationSlug = "" }, "DestinationSlug" },
        { new SandboxOptions { EnvironmentFlag = "a b" }, "EnvironmentFlag" },
        { new SandboxOptions { DataPath = " " }, "DataPath" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void An_option_out_of_range_is_refused_by_name(SandboxOptions options, string named)
    {
        Assert.Contains(named, Assert.Throws<SandboxException>(() => ExportSandbox.Start(options)).Message, StringComparison.Ordinal);
    }

    private PracticeClient Serve() => new(new SandboxOptions { DataPath = _folder.Path, ExportDuration = TimeSpan.Zero });

    private static byte[] LongFile(string type, int lines, int padding)
    {
        var text = new StringBuilder();
        for (var line = 0; line < lines; line++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{{\"resourceType\":\"{type}\",\"id\":\"{line}\",\"data\":\"").Append('x', padding + (line % 7)).Append("\"}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
