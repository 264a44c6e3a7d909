using GroupExport.Help.Cmdlets;
using GroupExport.Help.Output;
using GroupExport.Help.Source;

namespace GroupExport.Help;

/// <summary>From the source and the compiled cmdlets to the files that Get-Help reads.</summary>
internal static class HelpBuild
{
    /// <param name="sourceFolder">Where the markdown stands.</param>
    /// <param name="assemblyPath">The assembly with the cmdlets.</param>
    /// <param name="references">Paths of the assemblies that it was compiled against.</param>
    /// <param name="outputFolder">Where the files go; it is left alone when there are findings.</param>
    /// <returns>What is wrong with the source.</returns>
    public static Findings Run(string sourceFolder, string assemblyPath, IEnumerable<string> references, string outputFolder)
    {
        Findings findings = new();
        IReadOnlyList<CmdletFacts> cmdlets = CmdletAssembly.Read(assemblyPath, references);
        HelpSource source = HelpSource.Read(sourceFolder, findings);
        Agreement.Check(source, cmdlets, findings);
        if (findings.All.Count == 0)
        {
            HelpFiles.Write(HelpFiles.Of(source, cmdlets, Path.GetFileName(assemblyPath)), outputFolder);
        }

        return findings;
    }
}
