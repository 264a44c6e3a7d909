namespace GroupExport.Authorization;

/// <summary>Where the access tokens of a connection come from.</summary>
internal interface IAccessTokens
{
    /// <summary>How the connection is authorized, in a word for people: <c>None</c>, <c>AccessToken</c>, <c>PrivateKeyJwt</c>, <c>ClientSecret</c>.</summary>
    string Method { get; }

    /// <summary>A token that is good now, or null for a server that needs none.</summary>
    /// <exception cref="ExportException">No token can be had.</exception>
    ValueTask<string?> GetAsync(CancellationToken cancellationToken);

    /// <summary>A token instead of one that the server no longer takes, or null when there is none to be had.</summary>
    /// <exception cref="ExportException">No token can be had.</exception>
    ValueTask<string?> RenewAsync(string rejected, CancellationToken cancellationToken);

    /// <summary>A token that was asked for just now, with what was granted with it; null where none is asked for.</summary>
    /// <exception cref="ExportException">No token can be had.</exception>
    ValueTask<AccessToken?> AskAnewAsync(CancellationToken cancellationToken);
}
