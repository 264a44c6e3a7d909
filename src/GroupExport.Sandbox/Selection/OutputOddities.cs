namespace GroupExport.Sandbox.Selection;

/// <summary>How an export differs from what the data say.</summary>
internal sealed record OutputOddities
{
    public bool HasExtraEmptyFile { get; init; }

    public bool HasInformation { get; init; }

    public bool HasError { get; init; }

    /// <summary>For output in blocks: headers name patients by their full URL.</summary>
    public bool HasAbsoluteHeaders { get; init; }

    /// <summary>For output in blocks: the first one has no Patient.</summary>
    public bool LacksFirstPatient { get; init; }
}
