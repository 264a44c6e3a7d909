namespace GroupExport.Sandbox.Authorization;

/// <summary>A form as the request log shows it: what was asked for, and of the rest not more than the names.</summary>
internal static class MaskedForm
{
    private const string Mask = "***";

    public static string Of(string form) => form.Length == 0 ? "" : string.Join('&', form.Split('&').Select(Masked));

    private static string Masked(string field)
    {
        var equals = field.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? "" : field[..equals];
        if (TokenFields.IsPublic(name))
        {
            return field;
        }

        return TokenFields.IsKnown(name) ? $"{name}={Mask}" : Mask;
    }
}
