using System.Text.Json;
using GroupExport.Ndjson;

namespace GroupExport.Import;

/// <summary>Finds the properties of a JSON object without reading their values; what it has gone over is valid JSON (RFC 8259).</summary>
internal static class JsonObjectScan
{
    private static readonly JsonReaderOptions s_asDeepAsSaved = new() { MaxDepth = Nesting.MaxDepth };

    /// <summary>Adds the properties of the object that the text is, in their order; of one name the last counts, in the place of the first.</summary>
    /// <param name="json">The object, with nothing but white space around it.</param>
    /// <param name="forObject">Whether names are looked at at every depth.</param>
    /// <param name="members">Where the properties are added; empty.</param>
    /// <returns>Why no PowerShell object can be made of it; null when one can, or when names were not looked at.</returns>
    /// <exception cref="JsonException">It is no valid JSON object.</exception>
    public static string? Read(ReadOnlySpan<byte> json, bool forObject, List<JsonMember> members)
    {
        Utf8JsonReader reader = new(json, s_asDeepAsSaved);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        NameTable names = NameTable.OfThread;
        string? fault = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = names.Push(reader.ValueSpan, reader.ValueIsEscaped);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            if (forObject)
            {
                fault = Check(ref reader, names) ?? fault;
            }
            else
            {
                reader.Skip();
            }

            members.Add(new JsonMember(name, start, (int)reader.BytesConsumed));
        }

        // Throws for what follows the object.
        reader.Read();
        return KeepLast(members, names) ?? fault;
    }

    /// <summary>Goes to the end of a value.</summary>
    /// <returns>Why no PowerShell object can be made of it, else null.</returns>
    private static string? Check(ref Utf8JsonReader reader, NameTable names)
    {
        string? fault = null;
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                fault = Check(ref reader, names) ?? fault;
            }
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            int first = names.Pushed;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                names.Push(reader.ValueSpan, reader.ValueIsEscaped);
                reader.Read();
                fault = Check(ref reader, names) ?? fault;
            }

            fault = names.Pop(first) ?? fault;
        }

        return fault;
    }

    private static string? KeepLast(List<JsonMember> members, NameTable names)
    {
        int kept = 0;
        string? fault = null;
        names.BeginObject();
        for (int index = 0; index < members.Count; index++)
        {
            JsonMember member = members[index];
            int seenAt = names.Mark(index, kept);
            if (member.Name.Length == 0)
            {
                fault = ImportFaults.Nameless;
            }
            else if (seenAt >= 0 && members[seenAt].Name != member.Name)
            {
                fault = ImportFaults.Twins;
            }

            members[seenAt < 0 ? kept++ : seenAt] = member;
        }

        members.RemoveRange(kept, members.Count - kept);
        return fault;
    }
}
