using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Help;

/// <summary>Get-Help finds what is written about the module besides its cmdlets, by name, by alias and in every culture.</summary>
public sealed class TopicTests : IDisposable
{
    private readonly EngineRunspace _engine = new();

    public static TheoryData<string> Topics => [.. WrittenHelp.Topics];

    public void Dispose() => _engine.Dispose();

    [Theory]
    [MemberData(nameof(Topics))]
    public void Each_topic_is_found_and_fits_80_columns(string topic)
    {
        string text = Assert.Single(_engine.Run("Get-Help $topic", ("topic", topic)).AssertNoErrors().Output).ToString();

        Assert.All(new[] { topic, "SHORT DESCRIPTION", "LONG DESCRIPTION", "SEE ALSO" }, part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.All(text.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80 || !line.Trim().Contains(' '), line));
    }

    [Fact]
    public void A_list_of_topics_says_what_each_is_about()
    {
        EngineRun run = _engine.Run("Get-Help about_GroupExport* | ForEach-Object { \"$($_.Name): $($_.Synopsis)\" }").AssertNoErrors();

        Assert.Equal(WrittenHelp.Topics, run.Output.Select(line => line.ToString().Split(": ")[0]).Order(StringComparer.Ordinal));
        Assert.All(run.Output, line => Assert.Matches(@"^\S+: \w.*\.$", line.ToString()));
    }

    [Fact]
    public void An_alias_leads_to_its_cmdlet()
    {
        Assert.Equal("Remove-GroupExport", _engine.Run("(Get-Help Stop-GroupExport).Name").AssertNoErrors().Output.Single().ToString());
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("ja-JP")]
    [InlineData("")]
    public void Other_cultures_get_the_English_help(string culture)
    {
        EngineRun run = _engine.Run(
            "[cultureinfo]::CurrentUICulture = $culture; (Get-Help New-GroupExport).description.Text; [string](Get-Help about_GroupExport)", ("culture", culture));

        run.AssertNoErrors();
        Assert.True(run.Output.Count > 1);
        Assert.All(run.Output, text => Assert.NotEmpty(text.ToString()));
    }
}
