using System.Xml.Linq;
using GroupExport.Help.Cmdlets;
using GroupExport.Help.Source;

namespace GroupExport.Help.Output;

/// <summary>The MAML of one cmdlet: the schema of PowerShell's external help.</summary>
/// <param name="topic">What is written.</param>
/// <param name="cmdlet">What is compiled.</param>
internal sealed class MamlCommand(CmdletTopic topic, CmdletFacts cmdlet)
{
    internal static readonly XNamespace Msh = "http://msh";
    internal static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    internal static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    internal static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static XElement Root(IEnumerable<XElement> commands) => new(
        Msh + "helpItems",
        new XAttribute("schema", "maml"),
        new XAttribute(XNamespace.Xmlns + "maml", Maml),
        new XAttribute(XNamespace.Xmlns + "command", Command),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        commands);

    public XElement ToXml() => new(
        Command + "command",
        new XElement(
            Command + "details",
            new XElement(Command + "name", cmdlet.Name),
            new XElement(Command + "verb", cmdlet.Name.Split('-')[0]),
            new XElement(Command + "noun", cmdlet.Name.Split('-')[1]),
            new XElement(Maml + "description", Paragraphs([topic.Synopsis]))),
        new XElement(Maml + "description", Paragraphs(topic.Description)),
        new MamlParameters(topic, cmdlet).ToXml(),
        new XElement(Command + "inputTypes", topic.Inputs.Select(input => TypeElement("inputType", input))),
        new XElement(Command + "returnValues", topic.Outputs.Select(output => TypeElement("returnValue", output))),
        topic.Notes.Count > 0 ? new XElement(Maml + "alertSet", new XElement(Maml + "alert", Paragraphs(topic.Notes))) : null,
        new XElement(Command + "examples", topic.Examples.Select(ExampleElement)),
        new XElement(Command + "relatedLinks", topic.Links.Select(LinkElement)));

    internal static IEnumerable<XElement> Paragraphs(IEnumerable<string> paragraphs) => paragraphs.Select(text => new XElement(Maml + "para", text));

    private static XElement TypeElement(string name, TypeText type) => new(
        Command + name,
        new XElement(Dev + "type", new XElement(Maml + "name", type.Type)),
        new XElement(Maml + "description", Paragraphs(type.Paragraphs)));

    private static XElement ExampleElement(Example example, int index) => new(
        Command + "example",
        new XElement(Maml + "title", $"--------- Example {index + 1}: {example.Title} ---------"),
        new XElement(Dev + "code", example.Code),
        // Get-Help shows no blank line between two examples unless the first ends with one.
        new XElement(Dev + "remarks", Paragraphs([.. example.Remarks, ""])));

    // Addresses go into the text: Get-Help -Online would take the first uri for the page of the cmdlet.
    private static XElement LinkElement(HelpLink link) => new(
        Maml + "navigationLink",
        new XElement(Maml + "linkText", link.Page is null || link.Page == link.Text ? link.Text : $"{link.Text}: {link.Page}"),
        new XElement(Maml + "uri"));
}
