using GroupExport.Fhir;

namespace GroupExport.Tests.Fhir;

/// <summary>Holds a table that is built into the engine to what the FHIR SDK says.</summary>
internal static class SdkTable
{
    /// <summary>When this fails after an update of the SDK, copy the file that it names over the one in <c>src/GroupExport.Core/Fhir</c>.</summary>
    public static void AssertIs(string name, string expected)
    {
        using StreamReader table = new(typeof(ResourceTypes).Assembly.GetManifestResourceStream(name)!);
        string actual = table.ReadToEnd();
        if (actual != expected)
        {
            string right = Path.Combine(AppContext.BaseDirectory, name);
            File.WriteAllText(right, expected);
            Assert.Fail($"The table in src/GroupExport.Core/Fhir is not that of the FHIR SDK; the right one is {right}.");
        }
    }
}
