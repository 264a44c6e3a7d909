using System.Globalization;
using System.Numerics;
using System.Text;

namespace GroupExport.Import;

/// <summary>
/// Reads numbers of valid JSON so that nothing of them is lost where that can be helped: whole ones as <see cref="long"/> or <see cref="BigInteger"/>, others as
/// <see cref="decimal"/>, which keeps the digits behind the point that FHIR wants kept (R4, datatypes, decimal: 1.50 is not 1.5), and only what that
/// cannot hold as <see cref="double"/>.
/// </summary>
internal static class JsonNumber
{
    /// <summary>Digits that a decimal holds whatever they are, and the most that it has behind the point.</summary>
    private const int SafeDigits = 28;

    public static object Read(ReadOnlySpan<byte> json)
    {
        if (long.TryParse(json, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
        {
            return whole;
        }

        if (!json.ContainsAny((byte)'.', (byte)'e', (byte)'E'))
        {
            return BigInteger.Parse(Encoding.ASCII.GetString(json), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        }

        return FitsDecimal(json)
            ? decimal.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture)
            : double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>Determines whether a decimal holds a number with all its digits behind the point.</summary>
    public static bool IsHeldByDecimal(ReadOnlySpan<byte> json) =>
        FitsDecimal(json)
        || (decimal.TryParse(json, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
            && number.ToString(CultureInfo.InvariantCulture) == Encoding.ASCII.GetString(json));

    private static bool FitsDecimal(ReadOnlySpan<byte> json)
    {
        int exponentAt = json.IndexOfAny((byte)'e', (byte)'E');
        int exponent = 0;
        if (exponentAt >= 0 && !int.TryParse(json[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return false;
        }

        ReadOnlySpan<byte> mantissa = exponentAt >= 0 ? json[..exponentAt] : json;
        int point = mantissa.IndexOf((byte)'.');
        ReadOnlySpan<byte> significant = mantissa.TrimStart("-0."u8);
        int digits = significant.Length - (significant.Contains((byte)'.') ? 1 : 0);
        long behindPoint = (point >= 0 ? mantissa.Length - point - 1 : 0) - (long)exponent;
        return digits <= SafeDigits && behindPoint <= SafeDigits && digits - behindPoint <= SafeDigits;
    }
}
