namespace GroupExport.Authorization;

/// <summary>Where the access tokens of a connection come from.</summary>
internal interface IAccessTokens
{
    /// <summary>How the connection is authorized, in a word for people: <c>None</c>, <c>AccessToken</c>.</summary>
    string Method { get; }

    /// <summary>A token that is good now, or null for a server that needs none.</summary>
    ValueTask<string?> GetAsync(CancellationToken cancellationToken);
}
