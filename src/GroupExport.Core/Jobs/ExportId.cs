using System.Security.Cryptography;
using System.Text;
using GroupExport.Http;

namespace GroupExport.Jobs;

/// <summary>
/// The name of an export in audit logs: made of its status URL, which is the identity of a job everywhere in this module, so that every process
/// gives it the same, whatever it knows the job by. It leads back to no URL.
/// </summary>
/// <remarks>20 hexadecimal digits, as SMART's bulk-data-client has them (there of a random number, so that each run has its own).</remarks>
internal static class ExportId
{
    private const int Bytes = 10;

    public static string Of(string statusUrl)
    {
        return Shown(SHA256.HashData(Encoding.UTF8.GetBytes(ServerUrl.Of(statusUrl).Text)));
    }

    /// <summary>The name of kick-offs that started nothing.</summary>
    public static string Random() => Shown(RandomNumberGenerator.GetBytes(Bytes));

    private static string Shown(byte[] bytes) => Convert.ToHexString(bytes, 0, Bytes).ToLowerInvariant();
}
