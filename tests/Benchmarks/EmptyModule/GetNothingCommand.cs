using System.Management.Automation;

namespace EmptyModule;

/// <summary>What a binary module costs that does nothing.</summary>
[Cmdlet(VerbsCommon.Get, "Nothing")]
public sealed class GetNothingCommand : PSCmdlet;
