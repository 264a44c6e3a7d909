using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Http;

namespace GroupExport.Checks;

/// <summary>A first request without a token: whether the server answers at all, whatever it says, and what time it has.</summary>
internal sealed record ServerVisit(Finding Server, Finding Clock)
{
    public static async Task<ServerVisit> MakeAsync(GroupExportConnection connection, CancellationToken cancellationToken)
    {
        TimeProvider clock = connection.Clock;
        Uri address = new(connection.Settings.FhirBase, "metadata");
        long started = clock.GetTimestamp();
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("Accept", "application/fhir+json");
            using HttpResponseMessage response = await connection.SendAsync(request.FollowingRedirects(), cancellationToken).ConfigureAwait(false);
            TimeSpan took = clock.GetElapsedTime(started);

            // The server took its time somewhere in between; the Date header is cut to the second.
            TimeSpan? skew = response.Headers.Date - (clock.GetUtcNow() - (took / 2));
            return new ServerVisit(Answered(response, took), Told(skew));
        }
        catch (Exception fault) when (TransientFault.IsTransient(fault) || fault is ExportException)
        {
            string why = fault is ExportException ? fault.Message : $"{Origin.Of(address)} gives no answer: {TransientFault.Describe(fault)}. Check the address, the network and the proxy.";
            return new ServerVisit(Finding.Bad(why), Finding.Bad("Not tried: the server gives no answer."));
        }
    }

    private static Finding Answered(HttpResponseMessage response, TimeSpan took) =>
        Finding.Good($"{Origin.Of(response.RequestMessage!.RequestUri!)} answers over HTTP/{response.Version} in {took.TotalMilliseconds:0} ms.");

    private static Finding Told(TimeSpan? skew) => skew switch
    {
        null => Finding.Good("Not known: the server sends no Date."),
        { } apart when apart.Duration() > ClientAssertion.ToleratedSkew =>
            Finding.Bad($"This machine's clock is {apart.Duration().TotalSeconds:0} s {(apart > TimeSpan.Zero ? "behind" : "ahead of")} the server's, and assertions live 5 minutes at most: set the clock."),
        { } apart => Finding.Good($"Less than {Math.Ceiling(apart.Duration().TotalSeconds) + 1:0} s apart from the server's."),
    };
}
