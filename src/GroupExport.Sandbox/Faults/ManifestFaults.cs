using GroupExport.Sandbox.Jobs;

namespace GroupExport.Sandbox.Faults;

/// <summary>Spoils a manifest before it is written.</summary>
internal sealed class ManifestFaults(FaultPlan plan)
{
    private static readonly (SandboxFault Fault, string[] Fields)[] s_omissions =
    [
        (SandboxFault.ManifestWithoutOutput, ["output"]),
        (SandboxFault.ManifestWithoutTransactionTime, ["transactionTime"]),
        (SandboxFault.ManifestWithoutRequest, ["request"]),
        (SandboxFault.ManifestWithoutRequiresAccessToken, ["requiresAccessToken"]),
        (SandboxFault.ManifestWithoutError, ["error", "outcome"]),
    ];

    private static readonly (SandboxFault Fault, string Scheme)[] s_storages =
    [
        (SandboxFault.GoogleStorageUrls, "gs"),
        (SandboxFault.AmazonStorageUrls, "s3"),
    ];

    public ManifestPage Apply(ManifestPage page, string ownOrigin)
    {
        if (s_omissions.Where(omission => plan.Fires(omission.Fault)).SelectMany(omission => omission.Fields).ToList() is { Count: > 0 } omitted)
        {
            page = page with { Omitted = omitted };
        }

        if (plan.Fires(SandboxFault.RequiresAccessTokenAsText))
        {
            page = page with { IsTokenRuleText = true };
        }

        if (page.OrganizedBy is null && plan.Fires(SandboxFault.EmptyOrganizedBy))
        {
            page = page with { OrganizedBy = "" };
        }

        return ApplyToFiles(page, ownOrigin);
    }

    private ManifestPage ApplyToFiles(ManifestPage page, string ownOrigin)
    {
        if (plan.Fires(SandboxFault.RelativeFileUrls))
        {
            page = page.WithItems(item => item with { Url = Relative(item.Url, ownOrigin), ContinuesIn = item.ContinuesIn is { } next ? Relative(next, ownOrigin) : null });
        }

        foreach (var (fault, scheme) in s_storages)
        {
            if (plan.Fires(fault))
            {
                page = page.WithItems(item => item with { Url = $"{scheme}://practice-bucket{new Uri(item.Url).AbsolutePath}" });
            }
        }

        if (page.Output.Any(item => item.ContinuesIn is not null) && plan.Fires(SandboxFault.BareContinuations))
        {
            page = page.WithItems(item => item with { ContinuesIn = item.ContinuesIn?.Split('?')[0].Split('/')[^1] });
        }

        if (page.Output.Count > 0 && plan.Fires(SandboxFault.CountMismatch))
        {
            page = page with { Output = [page.Output[0] with { Count = page.Output[0].Count + 1 }, .. page.Output.Skip(1)] };
        }

        return plan.Fires(SandboxFault.ReorderedManifest) ? page with { Output = [.. page.Output.Reverse()] } : page;
    }

    private static string Relative(string url, string ownOrigin) =>
        url.StartsWith(ownOrigin + "/", StringComparison.Ordinal) ? url[ownOrigin.Length..] : url;
}
