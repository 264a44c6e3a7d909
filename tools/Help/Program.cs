using GroupExport.Help;

if (args is not [string sourceFolder, string assemblyPath, string referenceList, string outputFolder])
{
    await Console.Error.WriteLineAsync("Usage: Help <folder of the markdown> <assembly with the cmdlets> <file that lists its references> <folder to write to>").ConfigureAwait(false);
    return 2;
}

Findings findings = HelpBuild.Run(sourceFolder, assemblyPath, await File.ReadAllLinesAsync(referenceList).ConfigureAwait(false), outputFolder);
findings.WriteTo(Console.Out);
return findings.All.Count == 0 ? 0 : 1;
