using System.Text.Json;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Endpoints;

/// <summary>Where files lie, how requests get there, and what the manifest says about the token.</summary>
internal sealed class FilePlan(SandboxOptions options, string? secondOrigin)
{
    private readonly bool _isAuthorizing = options.EffectiveAuthorization != SandboxAuthorization.None;

    /// <summary>True when the manifest names the second origin.</summary>
    public bool IsElsewhere => options.SeparateFileOrigin && !IsRedirecting;

    public bool IsRedirecting => options.FileRedirect != FileRedirect.None;

    /// <summary>True when files of the first origin need a token. A manifest that says nothing leaves it to the server.</summary>
    public bool DemandsToken => _isAuthorizing && RequiresAccessToken != false;

    private bool? RequiresAccessToken => options.RequiresAccessTokenText switch
    {
        "" => null,
        { } text => text == "true",
        null => options.RequiresAccessToken ?? (IsElsewhere ? options.FileOriginDemandsToken : _isAuthorizing),
    };

    /// <summary>True when the first origin hands out files below this segment.</summary>
    public bool IsServedHere(string segment) => segment == (IsRedirecting ? ServiceBase.StoredFileSegment : ServiceBase.FileSegment) && secondOrigin is null;

    /// <summary>The scheme and authority of file URLs in the manifest.</summary>
    public string ManifestOrigin(string ownOrigin) => IsElsewhere ? secondOrigin! : ownOrigin;

    public void WriteRequiresAccessToken(Utf8JsonWriter json, bool asText)
    {
        const string Name = "requiresAccessToken";
        if (options.RequiresAccessTokenText is { Length: > 0 } text)
        {
            json.WriteString(Name, text);
        }
        else if (RequiresAccessToken is { } rule && asText)
        {
            json.WriteString(Name, rule ? "true" : "false");
        }
        else if (RequiresAccessToken is { } value)
        {
            json.WriteBoolean(Name, value);
        }
    }

    /// <summary>Sends the client to where the file really is.</summary>
    public Reply Redirect(Arrival arrival, ServiceBase serviceBase, string jobId, string name)
    {
        var location = secondOrigin is null
            ? arrival.Origin + serviceBase.StoredFilePath(jobId, name)
            : secondOrigin + serviceBase.FilePath(jobId, name);
        return new Reply(options.FileRedirect == FileRedirect.Found302 ? 302 : 307).With("Location", arrival.RawQuery.Length > 0 ? $"{location}?{arrival.RawQuery}" : location);
    }
}
