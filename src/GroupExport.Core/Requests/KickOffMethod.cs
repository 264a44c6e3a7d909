namespace GroupExport.Requests;

/// <summary>The HTTP method of a kick-off.</summary>
public enum KickOffMethod
{
    /// <summary>GET, which cannot carry patients.</summary>
    Get,

    /// <summary>POST.</summary>
    Post,
}
