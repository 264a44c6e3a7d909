using System.Globalization;

namespace GroupExport.Ndjson;

/// <summary>The words for what can be wrong with a line.</summary>
internal static class LineFaults
{
    public const string NoObject = "is no JSON object";
    public const string GoesOn = "goes on after its JSON object";
    public const string BreaksOff = "breaks off before its JSON object is closed";
    public const string BreaksOffInString = "breaks off inside a string";
    public const string Misplaced = "has a bracket, comma, colon or value out of place";
    public const string Scalar = "has something that is neither a string nor a number, true, false or null";
    public const string Escape = "has an escape sequence that JSON does not know";
    public const string Control = "has a control character that JSON does not allow";
    public const string Utf8 = "is no valid UTF-8";
    public const string NoType = "has no resourceType";
    public const string TypeIsNoString = "has a resourceType that is no string";

    public static string TooDeep { get; } = string.Create(CultureInfo.InvariantCulture, $"is nested deeper than {Nesting.MaxDepth}");

    public static string TooLong(long maxLineBytes)
    {
        const long mebi = 1024 * 1024;
        return maxLineBytes % mebi == 0
            ? string.Create(CultureInfo.InvariantCulture, $"is longer than {maxLineBytes / mebi} MiB")
            : string.Create(CultureInfo.InvariantCulture, $"is longer than {maxLineBytes} bytes");
    }

    /// <param name="found">Null when it does not look like the name of a type, and so must not be shown.</param>
    /// <param name="expected">As the manifest has it.</param>
    public static string OtherType(string? found, string expected) =>
        $"has {(found is null ? "another resourceType" : $"the resourceType {found}")} where the manifest says {expected}";
}
