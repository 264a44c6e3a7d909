using System.Management.Automation;
using GroupExport.Completion;
using GroupExport.Errors;
using GroupExport.Files;
using GroupExport.Import;
using GroupExport.Input;
using GroupExport.Resources;
using GroupExport.Work;

namespace GroupExport.Commands;

/// <summary>Reads saved exports, one resource after the other, as objects, as JSON, or as resources of the FHIR library. Nothing is sent or written.</summary>
[Cmdlet(VerbsData.Import, "ExportFiles", DefaultParameterSetName = ByPath)]
[OutputType(typeof(PSObject), typeof(string), typeof(DeletedResource))]
public sealed class ImportExportFilesCommand : ExportCmdlet
{
    private const string ByPath = "Path";
    private const string ByLiteralPath = "LiteralPath";
    private const string ByFile = "File";

    /// <summary>
    /// PowerShell keeps type names in a table whose copies only a full collection takes away, some 45 bytes an object, and the runtime puts that off for very long
    /// where little else lives (measured: 400 MB after 8 million objects).
    /// </summary>
    private const int ObjectsUntilCollection = 250_000;

    private readonly HashSet<string> _types = new(StringComparer.Ordinal);
    private ImportSource _source = null!;
    private int _objects;

    /// <summary>Folders that Save-ExportFiles wrote to, receipts, or files (.ndjson, .ndjson.gz); wildcards are allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = ByPath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>The same, without wildcards.</summary>
    [Parameter(ParameterSetName = ByLiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    public string[]? LiteralPath { get; set; }

    /// <summary>Files that Save-ExportFiles or Get-ExportReceipt gave.</summary>
    [Parameter(ParameterSetName = ByFile, ValueFromPipeline = true)]
    public SavedFile[]? File { get; set; }

    /// <summary>Resource types; the others are left out. With -Kind Deleted those of the deleted resources.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(ResourceTypeCompleter))]
    [Alias("_type")]
    public string[]? Type { get; set; }

    /// <summary>Which files of the export are read: Output (the default), Deleted, or Error for the server's own messages.</summary>
    [Parameter]
    public ImportKind Kind { get; set; }

    /// <summary>What becomes of each line: Object (the default), Json for the line as it is, Fhir for a resource of the FHIR library.</summary>
    [Parameter]
    public ImportForm As { get; set; }

    /// <summary>Settles what is wanted.</summary>
    protected override void BeginProcessing()
    {
        OrTerminate(() => _types.UnionWith((Type ?? []).Select(TypeInput.Read)));
        _source = new ImportSource(Kind, _types, Show);
    }

    /// <summary>Reads what is named, to its end or until nobody wants more.</summary>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ByFile)
        {
            Each(File, file => Read(_source.Find(file)));
        }
        else if (ParameterSetName == ByLiteralPath)
        {
            Each(LiteralPath, path => Read(_source.Find(FolderPath.ResolveAny(this, path))));
        }
        else
        {
            Each(Path, path => Array.ForEach(WildcardPath.Resolve(this, path), found => OrReport(() => Read(_source.Find(found)))));
        }
    }

    private void Each<T>(T[]? items, Action<T> take)
    {
        if (items is not { Length: > 0 })
        {
            OrReport(() => throw NoPath());
            return;
        }

        foreach (T item in items)
        {
            OrReport(() => take(item is null || (item is string path && string.IsNullOrWhiteSpace(path)) ? throw NoPath() : item));
        }
    }

    private void Read(IReadOnlyList<ImportFile> files)
    {
        foreach (ImportFile file in files)
        {
            OrReport(() => Read(file));
        }
    }

    private void Read(ImportFile file)
    {
        WriteVerbose($"Reading {file.Path}.");
        using FileImport import = new(file, LineForm.Of(As, Kind, _types));
        using ReadAhead<IReadOnlyList<object>> stretches = new(Work, import.NextAsync);
        while (stretches.Next() is { } stretch)
        {
            foreach (object read in stretch)
            {
                Write(read, file);
            }
        }
    }

    private void Write(object read, ImportFile file)
    {
        switch (read)
        {
            case ResourceLine resource:
                // Made here and not beside: two threads that add properties wait for each other's locks inside PowerShell.
                WriteObject(ResourceObjects.Of(resource));
                if (++_objects % ObjectsUntilCollection == 0)
                {
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
                }

                break;
            case BrokenLine broken:
                WriteError(file.Broken(broken).ToErrorRecord());
                break;
            default:
                WriteObject(read, enumerateCollection: false);
                break;
        }
    }

    private static ExportException NoPath() =>
        new(ExportErrorKind.MissingPath, "Nothing to read was named. Give the folder that Save-ExportFiles wrote to, or files of it.") { Subject = nameof(Path) };
}
