using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.KickOffs;

/// <summary>What is wrong with a kick-off, by whether a lenient server may pass over it (Bulk Data Access 2.0.0, "Headers", on <c>handling=lenient</c>).</summary>
internal sealed class KickOffIssues
{
    /// <summary>What no kick-off may have.</summary>
    public IssueList Fatal { get; } = new();

    /// <summary>Parameters that can be left out of account.</summary>
    public IssueList Ignorable { get; } = new();

    /// <summary>Where the issues of a parameter belong. A patient that is passed over could turn an export of few into one of all.</summary>
    public IssueList Of(string parameter) => parameter == ParameterNames.Patient ? Fatal : Ignorable;

    public bool Permit(bool leniently) => Fatal.IsEmpty && (leniently || Ignorable.IsEmpty);

    public Reply ToReply() => OperationOutcome.Error(400, [.. Fatal.All, .. Ignorable.All]);
}
