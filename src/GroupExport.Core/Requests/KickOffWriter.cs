using GroupExport.Connections;

namespace GroupExport.Requests;

/// <summary>Writes a request in the style of a connection. The style is settled by connection, version and parameters, never by trial.</summary>
internal static class KickOffWriter
{
    /// <exception cref="ExportException">The request cannot be written in this style; nothing was sent.</exception>
    public static KickOffMessage Write(ExportRequest request, ConnectionSettings connection, DateTimeOffset now)
    {
        if (request.Method == KickOffMethod.Get && request.Patients.Count > 0)
        {
            throw PatientNeedsPost("A GET kick-off cannot carry patients. Leave -Method out or use -Method Post.");
        }

        KickOffMessage message = connection.Style switch
        {
            RequestStyle.Redox => RedoxStyle.Write(request, connection, now),
            RequestStyle.FhirQuery => WriteQuery(request, connection),
            RequestStyle.FhirParameters => WriteParameters(request, connection),
            _ => WriteFhir(request, connection),
        };
        return message with { IsLenient = request.IsLenient };
    }

    private static KickOffMessage WriteFhir(ExportRequest request, ConnectionSettings connection)
    {
        bool post = connection.SpecVersion >= 4 || request.Patients.Count > 0 || request.Method == KickOffMethod.Post;
        return post ? WriteParameters(request, connection) : WriteQuery(request, connection);
    }

    private static KickOffMessage WriteQuery(ExportRequest request, ConnectionSettings connection)
    {
        if (request.Patients.Count > 0)
        {
            throw PatientNeedsPost("The request style FhirQuery of this connection cannot carry patients. Connect with -RequestStyle FhirParameters, or leave it out.");
        }

        if (connection.SpecVersion >= 4)
        {
            throw NotSupported("The request style FhirQuery of this connection is always GET, and version 4 of Bulk Data Access has no GET kick-off. Connect without -RequestStyle, or with the -SpecVersion that the server speaks.");
        }

        if (request.Method == KickOffMethod.Post)
        {
            throw NotSupported("The request style FhirQuery of this connection is always GET. Connect with -RequestStyle FhirParameters to send a POST.");
        }

        return FhirQueryStyle.Write(request, connection);
    }

    private static KickOffMessage WriteParameters(ExportRequest request, ConnectionSettings connection)
    {
        if (request.Method == KickOffMethod.Get)
        {
            throw NotSupported(connection.SpecVersion >= 4
                ? "Version 4 of Bulk Data Access has no GET kick-off. Leave -Method out, or connect with the -SpecVersion that the server speaks."
                : "The request style FhirParameters of this connection is always POST. Connect with -RequestStyle FhirQuery to send a GET.");
        }

        return FhirParametersStyle.Write(request, connection);
    }

    private static ExportException PatientNeedsPost(string message) => new(ExportErrorKind.PatientNeedsPost, message) { Subject = "Patient" };

    private static ExportException NotSupported(string message) => new(ExportErrorKind.MethodNotSupported, message) { Subject = "Method" };
}
