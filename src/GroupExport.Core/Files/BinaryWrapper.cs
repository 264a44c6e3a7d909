using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;

namespace GroupExport.Files;

/// <summary>Represents a FHIR Binary resource that carries a file in its <c>data</c>, as servers send it that keep files as resources (R4, Binary).</summary>
/// <param name="DataStart">The offset of its Base64, after the quotation mark.</param>
/// <param name="Quote">The quotation mark that ends the Base64.</param>
/// <param name="IsXml">Whether it is XML.</param>
internal sealed partial record BinaryWrapper(int DataStart, byte Quote, bool IsXml)
{
    private const string FhirNamespace = "http://hl7.org/fhir";

    /// <summary>Looks for a wrapper at the beginning of a body.</summary>
    /// <param name="beginning">The beginning, decoded.</param>
    /// <param name="rule">What it must be like.</param>
    /// <param name="wrapper">The wrapper; null when there is none.</param>
    /// <returns><c>true</c> if the beginning is enough to tell; otherwise, <c>false</c>.</returns>
    public static bool TryFind(ReadOnlySpan<byte> beginning, WrapperRule rule, out BinaryWrapper? wrapper)
    {
        wrapper = null;
        ReadOnlySpan<byte> text = (beginning.StartsWith("\uFEFF"u8) ? beginning[3..] : beginning).TrimStart(" \t\r\n"u8);
        int offset = beginning.Length - text.Length;
        if (text.IsEmpty)
        {
            return false;
        }

        return text[0] switch
        {
            (byte)'{' => TryFindInJson(text, offset, rule, out wrapper),
            (byte)'<' => TryFindInXml(text, offset, rule, out wrapper),
            _ => true,
        };
    }

    /// <summary>Determines whether what surrounds the Base64 is a Binary resource.</summary>
    /// <param name="surroundings">The whole resource, with no Base64 in it.</param>
    public bool IsBinary(byte[] surroundings)
    {
        try
        {
            return IsXml ? IsBinaryXml(surroundings) : IsBinaryJson(surroundings);
        }
        catch (Exception exception) when (exception is JsonException or XmlException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryFindInJson(ReadOnlySpan<byte> text, int offset, WrapperRule rule, out BinaryWrapper? wrapper)
    {
        wrapper = null;
        Utf8JsonReader json = new(text, isFinalBlock: false, state: default);
        bool isBinary = false;
        string? contentType = null;
        try
        {
            json.Read();
            while (json.Read())
            {
                if (json.TokenType == JsonTokenType.EndObject)
                {
                    return true;
                }

                bool isType = json.ValueTextEquals("resourceType"u8);
                bool isContentType = json.ValueTextEquals("contentType"u8);
                if (json.ValueTextEquals("data"u8))
                {
                    int start = (int)json.BytesConsumed;
                    int quote = text[start..].IndexOfAnyExcept(" \t\r\n:"u8);
                    if (quote < 0)
                    {
                        return false;
                    }

                    if (isBinary && text[start + quote] == (byte)'"' && rule.Allows(contentType))
                    {
                        wrapper = new BinaryWrapper(offset + start + quote + 1, (byte)'"', IsXml: false);
                    }

                    return true;
                }

                if (!json.TrySkip())
                {
                    return false;
                }

                if (isType && !(isBinary = json.TokenType == JsonTokenType.String && json.ValueTextEquals("Binary"u8)))
                {
                    return true;
                }

                contentType = isContentType && json.TokenType == JsonTokenType.String ? json.GetString() : contentType;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return true;
        }

        return false;
    }

    private static bool TryFindInXml(ReadOnlySpan<byte> text, int offset, WrapperRule rule, out BinaryWrapper? wrapper)
    {
        wrapper = null;

        // One character a byte, so that places in the text are places in the body.
        string latin = Encoding.Latin1.GetString(text);
        if (Root().Match(latin) is not { Success: true } root)
        {
            return false;
        }

        if (root.Groups["name"].Value != "Binary")
        {
            return true;
        }

        Match data = Data().Match(latin, root.Index + root.Length);
        if (!data.Success)
        {
            return false;
        }

        Match type = ContentType().Match(latin[..data.Index]);
        if (rule.Allows(type.Success ? type.Groups["type"].Value : null))
        {
            wrapper = new BinaryWrapper(offset + data.Index + data.Length, (byte)latin[data.Index + data.Length - 1], IsXml: true);
        }

        return true;
    }

    private static bool IsBinaryJson(byte[] json)
    {
        ReadOnlyMemory<byte> text = json;
        using JsonDocument document = JsonDocument.Parse(text.Span.StartsWith("\uFEFF"u8) ? text[3..] : text);
        return document.RootElement.TryGetProperty("resourceType", out JsonElement type) && type.ValueEquals("Binary"u8);
    }

    private static bool IsBinaryXml(byte[] xml)
    {
        using XmlReader reader = XmlReader.Create(new MemoryStream(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        reader.MoveToContent();
        bool isBinary = reader is { LocalName: "Binary", NamespaceURI: FhirNamespace };
        while (reader.Read())
        {
            // To the end, which shows whether it is well formed.
        }

        return isBinary;
    }

    [GeneratedRegex(@"\A(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?<name>[A-Za-z][\w:.-]*)[\s/>]", RegexOptions.Singleline)]
    private static partial Regex Root();

    [GeneratedRegex("<data\\s[^>]*?value\\s*=\\s*[\"']")]
    private static partial Regex Data();

    [GeneratedRegex("<contentType\\s[^>]*?value\\s*=\\s*[\"'](?<type>[^\"']*)")]
    private static partial Regex ContentType();
}
