using System.Management.Automation;

namespace GroupExport.Input;

/// <summary>Refuses plain text for a parameter that holds secrets, without repeating it: PowerShell's own message would show the text that it cannot convert.</summary>
/// <param name="wanted">What to give instead.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotInTheClearAttribute(string wanted) : ArgumentTransformationAttribute
{
    public string Wanted => wanted;

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Plain.Of(inputData) is string
            ? throw new ArgumentTransformationMetadataException($"It takes {wanted}, not plain text, which would end up in histories and logs.")
            : inputData;
}
