using System.Text;
using System.Xml;
using System.Xml.Linq;
using GroupExport.Help.Cmdlets;
using GroupExport.Help.Source;

namespace GroupExport.Help.Output;

/// <summary>A file of the module's en-US folder.</summary>
internal sealed record HelpFile(string Name, string Text);

/// <summary>Turns the source into what Get-Help reads.</summary>
internal static class HelpFiles
{
    /// <param name="source">What is written.</param>
    /// <param name="cmdlets">What is compiled.</param>
    /// <param name="assemblyName">The file name of the assembly, by which Get-Help finds the help of its cmdlets.</param>
    public static IReadOnlyList<HelpFile> Of(HelpSource source, IReadOnlyList<CmdletFacts> cmdlets, string assemblyName)
    {
        IEnumerable<XElement> commands = source.Cmdlets.Join(cmdlets, topic => topic.Name, cmdlet => cmdlet.Name, (topic, cmdlet) => new MamlCommand(topic, cmdlet).ToXml());
        return
        [
            .. source.Topics.Select(topic => new HelpFile($"{topic.Name}.help.txt", string.Join('\n', topic.Lines) + '\n')),
            new HelpFile($"{assemblyName}-Help.xml", Text(MamlCommand.Root(commands))),
        ];
    }

    /// <summary>Leaves nothing else in the folder. The last file is the one whose time tells the build that all are up to date.</summary>
    public static void Write(IReadOnlyList<HelpFile> files, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string stale in Directory.GetFiles(folder).Where(path => !files.Any(file => file.Name == Path.GetFileName(path))))
        {
            File.Delete(stale);
        }

        foreach (HelpFile file in files)
        {
            File.WriteAllText(Path.Combine(folder, file.Name), file.Text);
        }
    }

    private static string Text(XElement root)
    {
        StringBuilder text = new();
        using (XmlWriter writer = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
        {
            root.Save(writer);
        }

        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{text}\n";
    }
}
