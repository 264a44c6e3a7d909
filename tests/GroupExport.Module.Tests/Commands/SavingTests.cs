using System.IO.Compression;
using System.Security.Cryptography;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary>The options of Save-ExportFiles.</summary>
public sealed class SavingTests : SandboxRunspace
{
    private const string Kickoff = "$job = New-GroupExport $sandbox.GroupId -Type Patient, Observation; ";

    [Fact]
    public void Packed_files_are_told_by_their_content_and_known_again_without_Compress()
    {
        EngineRun plain = Run($"{Kickoff} $job | Save-ExportFiles \"$out plain\"").AssertNoErrors();
        EngineRun packed = Run("$job | Save-ExportFiles $out -Compress").AssertNoErrors();

        Assert.Equal(Told(plain).Select(line => line.Replace(".ndjson", ".ndjson.gz", StringComparison.Ordinal)), Told(packed));
        Assert.All(packed.Output, file =>
        {
            string path = (string)file.Properties["Path"].Value;
            Assert.EndsWith(".ndjson.gz", path);
            Assert.Equal(file.Properties["Sha256"].Value, Unpacked(path));
            Assert.Equal(new FileInfo(path).Length, file.Properties["StoredBytes"].Value);
            Assert.True((long)file.Properties["StoredBytes"].Value < (long)file.Properties["Bytes"].Value);
        });
        Assert.Equal("Complete", Run("Get-ExportReceipt $out").Value("State"));
        Assert.True((bool)Run("Test-ExportFiles $out -Quiet").AssertNoErrors().Output.Single().BaseObject);

        Run("$sandbox.ClearRequests()").AssertNoErrors();
        EngineRun again = Run("$job | Save-ExportFiles $out").AssertNoErrors();
        Assert.All(again.Output, file => Assert.Equal("AlreadySaved", file.Properties["State"].Value));
        Assert.Empty(FileRequests);
    }

    [Fact]
    public void Force_fetches_again_what_is_there()
    {
        Run($"{Kickoff} $job | Save-ExportFiles $out; $sandbox.ClearRequests()").AssertNoErrors();

        EngineRun run = Run("Get-ExportReceipt $out | Save-ExportFiles -Force").AssertNoErrors();

        Assert.Equal(["Saved", "Saved"], run.Output.Select(file => file.Properties["State"].Value));
        Assert.Equal(2, FileRequests.Length);
        Assert.DoesNotContain(Arrived, request => request.StartsWith("POST", StringComparison.Ordinal));
        Assert.Equal("Complete", Run("Get-ExportReceipt $out").Value("State"));
    }

    [Theory]
    [InlineData("30")]
    [InlineData("0.5")]
    [InlineData("'00:00:30'")]
    [InlineData("([timespan]::FromMinutes(1))")]
    public void The_time_without_a_byte_is_given_in_seconds_or_as_a_TimeSpan(string time) =>
        Run($"{Kickoff} $job | Save-ExportFiles $out -StallTimeout {time}").AssertNoErrors();

    [Theory]
    [InlineData("-StallTimeout soon")]
    [InlineData("-StallTimeout -1")]
    [InlineData("-StallTimeout 0")]
    [InlineData("-StallTimeout ([timespan]::MaxValue)")]
    [InlineData("-MaxLineLength 1023")]
    [InlineData("-ThrottleLimit 0")]
    [InlineData("-Validation Everything")]
    public void A_value_out_of_range_is_refused_before_anything_is_saved(string option)
    {
        EngineRun run = Run($"{Kickoff} $job | Save-ExportFiles $out {option}");

        Assert.EndsWith(",GroupExport.Commands.SaveExportFilesCommand", run.Error.FullyQualifiedErrorId);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void Each_file_says_what_proved_it_and_how_much_was_there_before()
    {
        EngineRun run = Run($"{Kickoff} $job | Save-ExportFiles $out").AssertNoErrors();

        Assert.All(run.Output, file => Assert.Equal(("Count", 0L), (file.Properties["ProvedBy"].Value, file.Properties["ResumedBytes"].Value)));
        Assert.All(
            Run("(Get-ExportReceipt $out).Files").AssertNoErrors().Output,
            file => Assert.Equal(("Count", 0L), (file.Properties["ProvedBy"].Value, file.Properties["ResumedBytes"].Value)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Force")]
    [InlineData("-Compress -RetryInvalid")]
    public void WhatIf_writes_nothing_and_asks_for_nothing(string options)
    {
        Run($"{Kickoff} $sandbox.ClearRequests()").AssertNoErrors();

        Assert.Empty(Run($"$job | Save-ExportFiles $out {options} -WhatIf").AssertNoErrors().Output);

        Assert.False(Directory.Exists(Out));
        Assert.Empty(Requests);
    }

    private string[] FileRequests => [.. Arrived.Where(request => request.EndsWith(".ndjson", StringComparison.Ordinal))];

    private static IEnumerable<string> Told(EngineRun run) =>
        run.Output.Select(file => string.Join(' ', new[] { "Name", "Count", "Bytes", "Sha256", "State" }.Select(name => file.Properties[name].Value))).Order(StringComparer.Ordinal);

    private static string Unpacked(string path)
    {
        using GZipStream content = new(File.OpenRead(path), CompressionMode.Decompress);
        return Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();
    }
}
