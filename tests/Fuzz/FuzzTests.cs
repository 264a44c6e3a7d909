using CsCheck;

namespace GroupExport.Fuzz;

/// <summary>Whatever bytes come, each reader gives a value or a documented error, in bounded time and memory.</summary>
public sealed class FuzzTests
{
    private const int Inputs = 400;

    private static readonly string s_found = Path.Combine(AppContext.BaseDirectory, "Found");

    public static TheoryData<string> Names => [.. Targets.All.Select(target => target.Name)];

    public static TheoryData<string> Found => [.. Directory.EnumerateFiles(s_found, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(s_found, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_seeds_are_read_without_an_error(string name)
    {
        Target target = Targets.Named(name);

        Assert.All(target.Seeds, target.Read);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Generated_inputs_give_a_value_or_a_documented_error(string name)
    {
        Target target = Targets.Named(name);

        Mutation.Of(target.Seeds).Sample(target.Run, iter: Inputs, threads: 1);
    }

    [Theory]
    [MemberData(nameof(Found))]
    public void An_input_that_once_broke_a_reader_no_longer_does(string file) =>
        Targets.Named(Path.GetDirectoryName(file)!).Run(File.ReadAllBytes(Path.Combine(s_found, file)));
}
