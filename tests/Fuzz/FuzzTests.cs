using CsCheck;

namespace GroupExport.Fuzz;

/// <summary>Whatever bytes come, each reader gives a value or a documented error, in bounded time and memory.</summary>
public sealed class FuzzTests
{
    private const int Inputs = 400;

    /// <summary>The same inputs in every run: what is new is found by the long run, which writes it down, not by a build that fails once.</summary>
    private const ulong Seed = 20_261_128;

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
        Gen<byte[]> mutation = Mutation.Of(target.Seeds);
        PCG random = new(1, Seed);

        for (int count = 0; count < Inputs; count++)
        {
            target.Run(mutation.Generate(random, null, out _));
        }
    }

    [Theory]
    [MemberData(nameof(Found))]
    public void An_input_that_once_broke_a_reader_no_longer_does(string file) =>
        Targets.Named(Path.GetDirectoryName(file)!).Run(File.ReadAllBytes(Path.Combine(s_found, file)));
}
