using System.Text.Json;

namespace GroupExport.Sandbox.Selection;

/// <summary>A condition on one search parameter; several values of it are alternatives.</summary>
internal interface ICriterion
{
    bool Matches(JsonElement resource);
}
