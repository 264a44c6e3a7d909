namespace GroupExport.Manifests;

/// <summary>A file of a manifest with its name in the folder.</summary>
/// <param name="Entry">The file.</param>
/// <param name="Name">Its name.</param>
/// <param name="ContinuesIn">The name of the file that goes on with its last block; null when there is none.</param>
/// <param name="Listed">How often the manifest lists it.</param>
/// <param name="Fault">Why it can't be downloaded, as a clause; null when it can.</param>
internal sealed record NamedEntry(ManifestEntry Entry, string Name, string? ContinuesIn, int Listed = 1, string? Fault = null);
