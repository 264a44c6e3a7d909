using GroupExport.Connections;

namespace GroupExport.Requests;

/// <summary>What the <c>Meta</c> object of a Redox message carries beside its data model and event type.</summary>
public sealed record RedoxEnvelope
{
    /// <summary>The instant at which the request is sent; null means the time of writing, in UTC.</summary>
    public string? EventDateTime { get; init; }

    /// <summary>Whether this is a test message; null leaves the field out.</summary>
    public bool? Test { get; init; }

    /// <summary>The system that initiates the message; null takes the connection's.</summary>
    public RedoxParty? Source { get; init; }

    /// <summary>The systems that receive the message; empty takes the connection's, else one entry with the slug as name.</summary>
    public IReadOnlyList<RedoxParty> Destinations { get; init; } = [];

    /// <summary>Entries that find the message in the Redox dashboard.</summary>
    public IReadOnlyList<RedoxLog> Logs { get; init; } = [];

    /// <summary>The facility, only where the health system asks for it.</summary>
    public string? FacilityCode { get; init; }
}
