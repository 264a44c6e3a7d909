using System.Text;
using GroupExport.Http;
using GroupExport.Manifests;

namespace GroupExport.Tests.Manifests;

/// <summary>The names that files get in the folder.</summary>
public sealed class FileNamesTests
{
    public static TheoryData<string> HostileTypes =>
    [
        "../x", "..", "/etc/passwd", "C:\\x", "\\\\server\\share", "CON", "NUL.txt", "con", "aux", "Patient/../x", "Patient\0", "Patient\n", "Patient ", " Patient",
        "\u0001\u001b[31m", "Patient:stream", "*?<>|", "Pätient", "Patient\u200b", ".hidden", new string('x', 300), "\ud83d\ude00",
    ];

    [Fact]
    public void Numbers_run_per_kind_and_type_in_the_order_of_the_manifest()
    {
        FileNames names = new(organized: false);

        (FileKind Kind, string? Type)[] files =
        [
            (FileKind.Output, "Patient"), (FileKind.Output, "Observation"), (FileKind.Output, "Patient"), (FileKind.Error, "OperationOutcome"),
            (FileKind.Deleted, "Bundle"), (FileKind.Deleted, null), (FileKind.Error, null), (FileKind.Output, null), (FileKind.Output, "Foo"), (FileKind.Error, "Patient"),
        ];

        Assert.Equal(
            [
                "Patient.0001.ndjson", "Observation.0001.ndjson", "Patient.0002.ndjson", "error/OperationOutcome.0001.ndjson",
                "deleted/Bundle.0001.ndjson", "deleted/Bundle.0002.ndjson", "error/OperationOutcome.0002.ndjson", "unknown.0001.ndjson", "unknown.0002.ndjson", "error/Patient.0001.ndjson",
            ],
            files.Select(file => names.Next(file.Kind, file.Type)));
    }

    [Fact]
    public void Types_that_differ_in_case_share_one_count_so_that_no_file_system_mixes_them_up()
    {
        FileNames names = new(organized: false);

        Assert.Equal(["Patient.0001.ndjson", "Patient.0002.ndjson"], new[] { names.Next(FileKind.Output, "Patient"), names.Next(FileKind.Output, "PATIENT") });
    }

    [Fact]
    public void Organized_output_is_called_so_whatever_type_it_states()
    {
        FileNames names = new(organized: true);

        Assert.Equal("organized.0001.ndjson", names.Next(FileKind.Output, null));
        Assert.Equal("organized.0002.ndjson", names.Next(FileKind.Output, "Patient"));
        Assert.Equal("deleted/Bundle.0001.ndjson", names.Next(FileKind.Deleted, null));
    }

    [Fact]
    public void The_ten_thousandth_file_has_a_name_of_its_own()
    {
        FileNames names = new(organized: false);

        string[] given = [.. Enumerable.Range(0, 10_001).Select(_ => names.Next(FileKind.Output, "Patient"))];

        Assert.Equal(10_001, given.Distinct().Count());
        Assert.Equal("Patient.10001.ndjson", given[^1]);
    }

    [Theory]
    [MemberData(nameof(HostileTypes))]
    public void Nothing_that_a_server_writes_reaches_the_file_system(string type)
    {
        FileNames names = new(organized: false);

        Assert.Equal("unknown.0001.ndjson", names.Next(FileKind.Output, type));
        Assert.Equal("deleted/Bundle.0001.ndjson", names.Next(FileKind.Deleted, type));
        Assert.Equal("error/OperationOutcome.0001.ndjson", names.Next(FileKind.Error, type));
    }

    [Fact]
    public void Names_are_the_same_however_the_pages_are_cut()
    {
        ManifestPages one = Pages("""{"output":[{"type":"Patient","url":"a"},{"type":"Patient","url":"b"}],"error":[{"url":"e"}]}""");
        ManifestPages two = Pages("""{"output":[{"type":"Patient","url":"a"}]}""", """{"output":[{"type":"Patient","url":"b"}],"error":[{"url":"e"}]}""");

        Assert.Equal(one.Files().Select(file => (file.Name, file.Entry.Url)), two.Files().Select(file => (file.Name, file.Entry.Url)));
        Assert.Equal(["Patient.0001.ndjson", "Patient.0002.ndjson", "error/OperationOutcome.0001.ndjson"], two.Files().Select(file => file.Name));
    }

    private static ManifestPages Pages(params string[] pages)
    {
        ServerUrl root = ServerUrl.Of("https://x.example/1");
        ManifestPages all = new(root);
        foreach (string page in pages)
        {
            all.Add(Encoding.UTF8.GetBytes(page), root);
        }

        return all;
    }
}
