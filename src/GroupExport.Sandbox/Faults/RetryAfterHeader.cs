using System.Globalization;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Faults;

/// <summary>Tells a client when to come back, in the form that was ordered.</summary>
internal sealed class RetryAfterHeader(SandboxOptions options)
{
    public Reply On(Reply reply)
    {
        var now = options.Clock.GetUtcNow();
        var value = options.RetryAfterForm switch
        {
            RetryAfterForm.HttpDate => now.AddSeconds(options.RetryAfterSeconds).ToString("R", CultureInfo.InvariantCulture),
            RetryAfterForm.PastDate => now.AddHours(-1).ToString("R", CultureInfo.InvariantCulture),
            RetryAfterForm.EpochSeconds => now.AddSeconds(options.RetryAfterSeconds).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            RetryAfterForm.EpochMilliseconds => now.AddSeconds(options.RetryAfterSeconds).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            RetryAfterForm.None => null,
            _ => options.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture),
        };
        return value is null ? reply : reply.With("Retry-After", value);
    }
}
