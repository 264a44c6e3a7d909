using System.Collections;
using System.Management.Automation;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Help;

/// <summary>What Get-Help gives for a cmdlet of the staged module.</summary>
internal sealed class ShownHelp
{
    private const string Script = """
        $help = Get-Help $name -Full
        $command = Get-Command $name
        @{
            Name = $help.Name
            Synopsis = $help.Synopsis
            Description = $help.description.Text
            Parameters = @($help.parameters.parameter)
            Actual = @($command.Parameters.Values | Where-Object { -not [Management.Automation.PSCmdlet]::CommonParameters.Contains($_.Name) })
            Inputs = $help.inputTypes.inputType
            Outputs = $help.returnValues.returnValue
            Examples = @($help.examples.example)
            Links = @($help.relatedLinks.navigationLink)
            Syntax = @($help.syntax.syntaxItem)
            Sets = @($command.ParameterSets)
        }
        """;

    private readonly Hashtable _facts;

    public ShownHelp(EngineRunspace engine, string name) =>
        _facts = (Hashtable)Assert.Single(engine.Run(Script, ("name", name)).AssertNoErrors().Output).BaseObject;

    public string Name => Text("Name");

    public string Synopsis => Text("Synopsis");

    public string Description => Text("Description");

    /// <summary>The parameters that Get-Help tells of.</summary>
    public IReadOnlyList<PSObject> Parameters => Items("Parameters");

    /// <summary>The parameters that the cmdlet has, but for the common ones.</summary>
    public IReadOnlyList<ParameterMetadata> ActualParameters => [.. Items("Actual").Select(item => (ParameterMetadata)item.BaseObject)];

    public IReadOnlyList<PSObject> Inputs => Items("Inputs");

    public IReadOnlyList<PSObject> Outputs => Items("Outputs");

    public IReadOnlyList<PSObject> Examples => Items("Examples");

    public IReadOnlyList<PSObject> Links => Items("Links");

    /// <summary>The lines of the syntax, as Get-Help has them.</summary>
    public IReadOnlyList<PSObject> Syntax => Items("Syntax");

    /// <summary>The parameter sets that the cmdlet has.</summary>
    public IReadOnlyList<CommandParameterSetInfo> ActualSets => [.. Items("Sets").Select(item => (CommandParameterSetInfo)item.BaseObject)];

    /// <summary>The text below a property of an item, paragraphs behind one another.</summary>
    public static string TextOf(PSObject item, params string[] path)
    {
        object? value = item;
        foreach (string name in path)
        {
            value = value is null ? null : PSObject.AsPSObject(value).Properties[name]?.Value;
        }

        return Flat(value).Trim();
    }

    private static string Flat(object? value) => value switch
    {
        PSObject { BaseObject: IList list } => Flat(list),
        IList list => string.Join(' ', list.Cast<object?>().Select(Flat)),
        PSObject item when item.Properties["Text"] is { } text => Flat(text.Value),
        _ => value?.ToString() ?? "",
    };

    private string Text(string key) => Flat(_facts[key]).Trim();

    private PSObject[] Items(string key)
    {
        object? items = _facts[key] is PSObject { BaseObject: IList wrapped } ? wrapped : _facts[key];
        return [.. (items as IList ?? new[] { items }).Cast<object?>().OfType<object>().Select(PSObject.AsPSObject)];
    }
}
