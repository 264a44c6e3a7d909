namespace GroupExport.Help.Cmdlets;

/// <summary>What the compiled cmdlet says of itself.</summary>
/// <param name="Name">Verb and noun.</param>
/// <param name="DefaultSet">The parameter set that is taken when the arguments do not tell.</param>
/// <param name="OutputTypes">Full names of what it declares to return.</param>
/// <param name="Parameters">Its own ones and those of its base classes, <c>-WhatIf</c> and <c>-Confirm</c> where it has them; not the common ones.</param>
internal sealed record CmdletFacts(string Name, string? DefaultSet, IReadOnlyList<string> OutputTypes, IReadOnlyList<ParameterFacts> Parameters)
{
    /// <summary>The names of the parameter sets, the default one first; one of no name when there are none.</summary>
    public IReadOnlyList<string?> Sets
    {
        get
        {
            string?[] named =
            [
                .. Parameters.SelectMany(parameter => parameter.Places).Select(place => place.Set).OfType<string>()
                    .Distinct(StringComparer.Ordinal).OrderByDescending(set => set == DefaultSet),
            ];
            return named.Length > 0 ? named : [null];
        }
    }
}

/// <summary>One parameter.</summary>
/// <param name="Name">Without the dash.</param>
/// <param name="TypeName">As PowerShell shows it: <c>String[]</c>.</param>
/// <param name="Aliases">Other names.</param>
/// <param name="AcceptedValues">All values there are, where they are few: those of a ValidateSet or an enumeration.</param>
/// <param name="Range">The smallest and the largest value, where there is a ValidateRange.</param>
/// <param name="Wildcards">Whether it takes patterns such as <c>*.ndjson</c>.</param>
/// <param name="Places">What it is in each parameter set.</param>
/// <param name="StandardText">The text of <c>-WhatIf</c> and <c>-Confirm</c>.</param>
internal sealed record ParameterFacts(
    string Name,
    string TypeName,
    IReadOnlyList<string> Aliases,
    IReadOnlyList<string> AcceptedValues,
    (string Smallest, string Largest)? Range,
    bool Wildcards,
    IReadOnlyList<ParameterPlace> Places,
    string? StandardText = null)
{
    public bool IsSwitch => TypeName == "SwitchParameter";

    /// <summary>What it is in a parameter set; null when it does not belong to it.</summary>
    public ParameterPlace? In(string? set) => Places.FirstOrDefault(place => place.Set is null || place.Set == set);
}

/// <summary>What a parameter is in a parameter set, or in all.</summary>
internal sealed record ParameterPlace(string? Set, int? Position, bool Mandatory, bool ByValue, bool ByPropertyName)
{
    /// <summary>As Get-Help says it.</summary>
    public string PipelineInput => (ByValue, ByPropertyName) switch
    {
        (true, true) => "True (ByPropertyName, ByValue)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };
}
