using System.Globalization;
using System.Management.Automation;

namespace GroupExport.Shell.Hosting;

/// <summary>A progress record in one line: activity, status, percent where it is known.</summary>
internal static class ProgressText
{
    public static string Of(ProgressRecord record) => record.PercentComplete < 0
        ? WithoutPercent(record)
        : string.Create(CultureInfo.InvariantCulture, $"{WithoutPercent(record)} {record.PercentComplete} %");

    public static string WithoutPercent(ProgressRecord record) => string.IsNullOrWhiteSpace(record.StatusDescription)
        ? record.Activity
        : $"{record.Activity}: {record.StatusDescription}".ReplaceLineEndings(" ");
}
