using GroupExport.Help.Cmdlets;
using GroupExport.Help.Source;

namespace GroupExport.Help;

/// <summary>Whether what is written and what is compiled are about the same.</summary>
internal static class Agreement
{
    public static void Check(HelpSource source, IReadOnlyList<CmdletFacts> cmdlets, Findings findings)
    {
        foreach (CmdletFacts cmdlet in cmdlets.ExceptBy(source.Cmdlets.Select(topic => topic.Name), cmdlet => cmdlet.Name))
        {
            findings.Add(Path.Combine(source.Folder, cmdlet.Name + ".md"), 1, $"There is no such file, so that {cmdlet.Name} has no help.");
        }

        foreach (CmdletTopic topic in source.Cmdlets)
        {
            if (cmdlets.FirstOrDefault(cmdlet => cmdlet.Name == topic.Name) is { } cmdlet)
            {
                CheckParameters(topic, cmdlet);
                CheckOutputs(topic, cmdlet);
            }
            else
            {
                topic.File.Fault(0, $"There is no cmdlet {topic.Name}. Files of topics begin with about_.");
            }
        }
    }

    private static void CheckParameters(CmdletTopic topic, CmdletFacts cmdlet)
    {
        foreach (ParameterText text in topic.Parameters.ExceptBy(cmdlet.Parameters.Select(parameter => parameter.Name), text => text.Name))
        {
            topic.File.Fault(text.Line, $"{topic.Name} has no parameter -{text.Name}.");
        }

        int line = topic.File.Sections.FirstOrDefault(section => section.Title == "PARAMETERS")?.Line ?? 0;
        foreach (ParameterFacts parameter in cmdlet.Parameters.ExceptBy(topic.Parameters.Select(text => text.Name), parameter => parameter.Name))
        {
            if (parameter.StandardText is null)
            {
                topic.File.Fault(line, $"The parameter -{parameter.Name} is missing.");
            }
        }
    }

    private static void CheckOutputs(CmdletTopic topic, CmdletFacts cmdlet)
    {
        string[] declared = cmdlet.OutputTypes is { Count: > 0 } types ? [.. types] : ["None"];
        if (!topic.Outputs.Select(output => output.Type).Order(StringComparer.Ordinal).SequenceEqual(declared.Order(StringComparer.Ordinal)))
        {
            int line = topic.File.Sections.FirstOrDefault(section => section.Title == "OUTPUTS")?.Line ?? 0;
            topic.File.Fault(line, $"The headings below OUTPUTS should be what the cmdlet declares: {string.Join(", ", declared)}.");
        }
    }
}
