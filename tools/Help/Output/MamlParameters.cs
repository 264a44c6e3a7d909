using System.Globalization;
using System.Xml.Linq;
using GroupExport.Help.Cmdlets;
using GroupExport.Help.Source;
using static GroupExport.Help.Output.MamlCommand;

namespace GroupExport.Help.Output;

/// <summary>The syntax of a cmdlet and the texts of its parameters.</summary>
/// <param name="topic">What is written.</param>
/// <param name="cmdlet">What is compiled.</param>
internal sealed class MamlParameters(CmdletTopic topic, CmdletFacts cmdlet)
{
    public object[] ToXml() =>
    [
        new XElement(Command + "syntax", cmdlet.Sets.Select(SyntaxItem)),
        new XElement(
            Command + "parameters",
            cmdlet.Parameters.OrderBy(parameter => parameter.StandardText is not null).ThenBy(parameter => parameter.Name, StringComparer.Ordinal)
                .Select(parameter => ParameterElement(parameter, parameter.Places[0], inSyntax: false))),
    ];

    private XElement SyntaxItem(string? set) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", cmdlet.Name),
        cmdlet.Parameters.Select(parameter => (Parameter: parameter, Place: parameter.In(set))).Where(entry => entry.Place is not null)
            .OrderBy(entry => entry.Place!.Position ?? int.MaxValue).ThenByDescending(entry => entry.Place!.Mandatory)
            .Select(entry => ParameterElement(entry.Parameter, entry.Place!, inSyntax: true)));

    private XElement ParameterElement(ParameterFacts parameter, ParameterPlace place, bool inSyntax)
    {
        ParameterText? text = topic.Parameters.FirstOrDefault(text => text.Name == parameter.Name);
        return new XElement(
            Command + "parameter",
            new XAttribute("required", place.Mandatory ? "true" : "false"),
            new XAttribute("variableLength", parameter.TypeName.EndsWith("[]", StringComparison.Ordinal) ? "true" : "false"),
            new XAttribute("globbing", parameter.Wildcards ? "true" : "false"),
            new XAttribute("pipelineInput", place.PipelineInput),
            new XAttribute("position", place.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", parameter.Aliases.Count > 0 ? string.Join(", ", parameter.Aliases) : "none"),
            new XElement(Maml + "name", parameter.Name),
            inSyntax ? null : new XElement(Maml + "description", Paragraphs([.. text?.Paragraphs ?? [parameter.StandardText!], .. Limits(parameter)])),
            inSyntax && parameter.AcceptedValues.Count > 0
                ? new XElement(Command + "parameterValueGroup", parameter.AcceptedValues.Select(value => ValueElement("false", value)))
                : null,
            inSyntax && parameter.IsSwitch ? null : ValueElement(parameter.IsSwitch ? "false" : "true", parameter.TypeName),
            inSyntax ? null : new XElement(Dev + "type", new XElement(Maml + "name", parameter.TypeName), new XElement(Maml + "uri")),
            inSyntax ? null : new XElement(Dev + "defaultValue", text?.DefaultValue ?? (parameter.IsSwitch ? "False" : "None")));
    }

    private static XElement ValueElement(string required, string value) =>
        new(Command + "parameterValue", new XAttribute("required", required), new XAttribute("variableLength", "false"), value);

    // Get-Help has no place for these but the text.
    private static IEnumerable<string> Limits(ParameterFacts parameter)
    {
        if (parameter.AcceptedValues.Count > 0)
        {
            yield return $"Accepted values: {string.Join(", ", parameter.AcceptedValues)}.";
        }

        if (parameter.Range is var (smallest, largest))
        {
            yield return $"Accepted values: {smallest} to {largest}.";
        }
    }
}
