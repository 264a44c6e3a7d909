using System.Text.Json;

namespace GroupExport.Sandbox.Data;

/// <summary>What filters ask of a resource, read in one pass over its line without building a tree.</summary>
internal ref struct ResourceFacts
{
    private const int PatientRank = 4;
    private int _rank;

    public string? ResourceType { get; private set; }

    public string? Id { get; private set; }

    public string? LastUpdated { get; private set; }

    /// <summary>The reference to the patient, as written.</summary>
    public string? PatientReference { get; private set; }

    /// <summary>Reads the facts of one resource.</summary>
    /// <exception cref="JsonException">The line is not exactly one JSON object.</exception>
    public static ResourceFacts Read(ReadOnlySpan<byte> json)
    {
        var facts = default(ResourceFacts);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A resource must be a JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            facts.ReadProperty(ref reader);
        }

        // Anything behind the object makes the reader throw.
        reader.Read();
        return facts;
    }

    private void ReadProperty(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("resourceType"u8))
        {
            ResourceType = ReadString(ref reader);
        }
        else if (reader.ValueTextEquals("id"u8))
        {
            Id = ReadString(ref reader);
        }
        else if (reader.ValueTextEquals("meta"u8))
        {
            reader.Read();
            LastUpdated = ReadMember(ref reader, "lastUpdated"u8);
        }
        else if (Rank(ref reader) is var rank and > 0)
        {
            ReadPatient(ref reader, rank);
        }
        else
        {
            reader.Skip();
        }
    }

    // The elements that place a resource in a patient's compartment, the most specific first.
    private static int Rank(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("patient"u8) ? PatientRank
        : reader.ValueTextEquals("subject"u8) ? 3
        : reader.ValueTextEquals("beneficiary"u8) ? 2
        : reader.ValueTextEquals("individual"u8) ? 1
        : 0;

    private void ReadPatient(ref Utf8JsonReader reader, int rank)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                Keep(ReadMember(ref reader, "reference"u8), rank);
            }
        }
        else
        {
            Keep(ReadMember(ref reader, "reference"u8), rank);
        }
    }

    private void Keep(string? reference, int rank)
    {
        if (rank > _rank && PatientReferences.TryGetId(reference, out _, out _))
        {
            _rank = rank;
            PatientReference = reference;
        }
    }

    private static string? ReadString(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }

    // Stands on the value; leaves the reader on its last token.
    private static string? ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        string? value = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(name))
            {
                value = ReadString(ref reader) ?? value;
            }
            else
            {
                reader.Skip();
            }
        }

        return value;
    }
}
