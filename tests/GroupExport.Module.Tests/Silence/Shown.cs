using System.Collections;
using System.Management.Automation;
using System.Text.RegularExpressions;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Silence;

/// <summary>All that came of a run, as text: what was shown, what can be serialized, and what was written.</summary>
internal static partial class Shown
{
    /// <summary>Every stream and every object of it, serialized to the depth that Export-Clixml goes and one more.</summary>
    public static string Everything(EngineRun run)
    {
        List<string> text = [];
        foreach (PSObject item in run.Output)
        {
            Append(text, item);
        }

        foreach (ErrorRecord error in run.AllErrors)
        {
            Append(text, error);
        }

        foreach (string line in run.Verbose.Concat(run.Debug).Concat(run.Warnings).Concat(run.Information))
        {
            text.Add(line);
        }

        foreach (ProgressRecord progress in run.Progress)
        {
            text.Add($"{progress.Activity} {progress.StatusDescription} {progress.CurrentOperation}");
        }

        return string.Join(Environment.NewLine, text);
    }

    /// <summary>The names of all files below a folder, and the content of those that are the module's own words. The others hold what the server sent, byte by byte.</summary>
    public static string Files(string folder)
    {
        List<string> text = [];
        foreach (string path in Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories) : [])
        {
            text.Add(path);
            if (File.Exists(path) && !path.EndsWith(".ndjson", StringComparison.Ordinal) && !path.EndsWith(".ndjson.invalid", StringComparison.Ordinal))
            {
                text.Add(File.ReadAllText(path));
            }
        }

        return string.Join(Environment.NewLine, text);
    }

    private static void Append(List<string> text, ErrorRecord error)
    {
        text.Add($"{error} {error.FullyQualifiedErrorId} {error.CategoryInfo} {error.ErrorDetails?.Message} {error.ErrorDetails?.RecommendedAction}");
        for (Exception? fault = error.Exception; fault is not null; fault = fault.InnerException)
        {
            text.Add(fault.ToString());
            foreach (DictionaryEntry entry in fault.Data)
            {
                text.Add($"{entry.Key} {entry.Value}");
            }

            foreach (PSPropertyInfo property in PSObject.AsPSObject(fault).Properties.Where(property => property.Name is "Subject" or "ServerMessage" or "RequestId"))
            {
                Append(text, property.Value);
            }
        }

        Append(text, error.TargetObject);
    }

    private static void Append(List<string> text, object? item)
    {
        if (item is not null)
        {
            text.Add($"{item}");
            text.Add(SignedUrl().Replace(PSSerializer.Serialize(item, 4), ""));
        }
    }

    /// <summary>The one property that has to hold a signed query, and says so: the URL of a file.</summary>
    [GeneratedRegex("""<S N="Url">[^<]*</S>""")]
    private static partial Regex SignedUrl();
}
