using System.Management.Automation;
using GroupExport.Fhir;
using GroupExport.Files;

namespace GroupExport.Input;

/// <summary>Reads an earlier export, as a folder or a receipt, where an instant could stand.</summary>
internal static class SinceInput
{
    /// <summary>The earlier export; null when the value is something else.</summary>
    /// <exception cref="ExportException">The folder has no receipt, or it cannot be read.</exception>
    public static SinceSource? Read(PSCmdlet cmdlet, object? value)
    {
        return Plain.Of(value) switch
        {
            null => null,
            ExportReceipt receipt => SinceSource.Of(receipt),
            DirectoryInfo folder => SinceSource.OfFolder(folder.FullName),
            string text => !FhirInstant.IsInstant(text) && FolderPath.Known(cmdlet, text, Directory.Exists) is { } folder ? SinceSource.OfFolder(folder) : null,
            ValueType => null,
            _ => OfBag(new PropertyBag(value!), value!),
        };
    }

    /// <summary>A receipt that came back from Clixml or JSON. A status will not do: complete at the server is not saved here.</summary>
    private static SinceSource? OfBag(PropertyBag bag, object value) => bag.Has("SavedCount") && bag.Has("StatusUrl")
        ? new SinceSource(bag.Text("Path") ?? "the receipt", JobInput.Read(value), bag.Text("State"), bag.Text("TransactionTime"))
        : null;
}
