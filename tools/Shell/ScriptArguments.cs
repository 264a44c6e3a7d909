using System.Management.Automation.Language;
using System.Text;
using System.Text.RegularExpressions;

namespace GroupExport.Shell;

/// <summary>
/// Arguments of a script as <c>pwsh -File</c> reads them, written as source: all are strings, a word with a leading dash names a
/// parameter (the binder takes the next word as its value unless it is a switch), and only <c>-Switch:$false</c> gives a Boolean.
/// </summary>
internal static partial class ScriptArguments
{
    public static string ToSource(string[] words)
    {
        StringBuilder source = new();
        foreach (string word in words)
        {
            bool isValueOfColon = source.Length > 0 && source[^1] == ':';
            if (!isValueOfColon)
            {
                source.Append(' ');
            }

            Match parameter = Parameter().Match(word);
            if (isValueOfColon || !parameter.Success)
            {
                source.Append(Quoted(word));
                continue;
            }

            source.Append(parameter.Groups["name"].Value);
            string value = parameter.Groups["value"].Value;
            if (value.Length > 0)
            {
                source.Append(bool.TryParse(value.TrimStart('$'), out bool truth) ? $"${truth}" : Quoted(value));
            }
        }

        return source.ToString();
    }

    [GeneratedRegex(@"^(?<name>-[\p{L}_][\p{L}\p{N}_]*:?)(?<value>(?<=:).*)?$", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();

    private static string Quoted(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
