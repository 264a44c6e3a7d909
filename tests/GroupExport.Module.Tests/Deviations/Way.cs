namespace GroupExport.ModuleTests.Deviations;

/// <summary>A version of the API and a way to write its kick-off.</summary>
internal sealed record Way(string Name, string Version, string Style, string Method = "")
{
    public static readonly Way Redox = new("Redox", "", "");
    public static readonly Way RedoxGet = new("Redox by GET", "", "", "-Method Get");
    public static readonly Way Query2 = new("version 2 by GET", "-SpecVersion 2", "-RequestStyle FhirQuery");
    public static readonly Way Parameters2 = new("version 2 by POST", "-SpecVersion 2", "-RequestStyle FhirParameters");
    public static readonly Way Query3 = new("version 3 by GET", "-SpecVersion 3", "-RequestStyle FhirQuery");
    public static readonly Way Parameters3 = new("version 3 by POST", "-SpecVersion 3", "-RequestStyle FhirParameters");
    public static readonly Way Parameters4 = new("version 4", "-SpecVersion 4", "-RequestStyle FhirParameters");

    public static readonly Way[] Redoxes = [Redox, RedoxGet];
    public static readonly Way[] ByGet = [RedoxGet, Query2, Query3];

    /// <summary>Where the files can be organized by patient.</summary>
    public static readonly Way[] Organizing = [Query3, Parameters3, Parameters4];

    /// <summary>One way for each version: for what does not depend on how the kick-off is written.</summary>
    public static readonly Way[] EachVersion = [Redox, Query2, Query3, Parameters4];

    public static readonly Way[] All = [Redox, RedoxGet, Query2, Parameters2, Query3, Parameters3, Parameters4];
}
