using System.Globalization;
using System.Management.Automation;

namespace GroupExport.Input;

/// <summary>Lets a duration be given in seconds: PowerShell alone would read <c>30</c> as 30 ticks.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object plain = Plain.Of(inputData);
        return plain switch
        {
            TimeSpan => plain,
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) => TimeSpan.FromSeconds(seconds),
            IConvertible and not string and not DateTime => TimeSpan.FromSeconds(Convert.ToDouble(plain, CultureInfo.InvariantCulture)),
            _ => inputData,
        };
    }
}
