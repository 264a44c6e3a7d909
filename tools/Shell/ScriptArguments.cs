using System.Management.Automation.Runspaces;

namespace GroupExport.Shell;

/// <summary>
/// Arguments of a script as <c>pwsh -File</c> reads them: all are strings, a word with a leading dash names a parameter
/// (the binder takes the next word as its value unless it is a switch), and only <c>-Switch:$false</c> gives a Boolean.
/// </summary>
internal static class ScriptArguments
{
    public static List<CommandParameter> Parse(string[] words)
    {
        List<CommandParameter> arguments = [];
        string? nameBeforeColon = null;
        foreach (string word in words)
        {
            if (nameBeforeColon is not null)
            {
                arguments.Add(new CommandParameter(nameBeforeColon, word));
                nameBeforeColon = null;
            }
            else if (word.Length < 2 || word[0] != '-')
            {
                arguments.Add(new CommandParameter(null, word));
            }
            else if (word.EndsWith(':'))
            {
                nameBeforeColon = word;
            }
            else if (word.IndexOf(':', StringComparison.Ordinal) is int colon and > 0)
            {
                arguments.Add(new CommandParameter(word[..(colon + 1)], Value(word[(colon + 1)..])));
            }
            else
            {
                arguments.Add(new CommandParameter(word));
            }
        }

        return arguments;
    }

    private static object Value(string text) =>
        bool.TryParse(text.StartsWith('$') ? text[1..] : text, out bool value) ? value : text;
}
