using System.Security.Authentication;

namespace GroupExport.Http;

/// <summary>The certificate that a server shows is not accepted; nothing was sent to it.</summary>
/// <param name="why">The end of a sentence about the server, without its address.</param>
internal sealed class CertificateRefusal(string why) : AuthenticationException(why);
