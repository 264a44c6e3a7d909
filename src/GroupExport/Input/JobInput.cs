using GroupExport.Http;
using GroupExport.Jobs;
using GroupExport.Manifests;

namespace GroupExport.Input;

/// <summary>Reads what people pipe as a job: the live object, one that came back from Clixml or JSON, a receipt, or a status URL.</summary>
internal static class JobInput
{
    /// <summary>The job (an <see cref="ExportStatus"/> where the status was piped).</summary>
    /// <exception cref="ExportException">It is no job, or its status URL cannot be asked.</exception>
    public static ExportJob Read(object? input)
    {
        ExportJob job = Plain.Of(input) switch
        {
            ExportJob live => live,
            string url => new ExportJob { StatusUrl = url },
            Uri url => new ExportJob { StatusUrl = url.OriginalString },
            null => throw NotAJob(input),
            _ => FromBag(new PropertyBag(input!), input!),
        };
        ServerUrl status = ServerUrl.Of(job.StatusUrl);
        if (status.IsUsable ? !Origin.IsSafe(status.Uri) : !status.IsAbsolute)
        {
            throw new ExportException(
                ExportErrorKind.InvalidServerUri,
                "The status URL is not an absolute https URL (plain http is for loopback only). Give it whole, as Content-Location returned it.")
            {
                Subject = status.ToString(),
            };
        }

        _ = status.Uri;

        return job;
    }

    /// <summary>Whether the input is one file of a manifest rather than a job.</summary>
    public static ExportFile? ReadFile(object? input)
    {
        if (Plain.Of(input) is ExportFile live)
        {
            return live;
        }

        if (Plain.Of(input) is null or string or Uri or ExportJob)
        {
            return null;
        }

        PropertyBag bag = new(input!);
        return bag.Has("Url") && bag.Has("Kind") && bag.Has("StatusUrl") ? ToFile(bag) : null;
    }

    private static ExportJob FromBag(PropertyBag bag, object input)
    {
        string statusUrl = bag.Text("StatusUrl") ?? throw NotAJob(input);
        ExportJob job = new()
        {
            StatusUrl = statusUrl,
            GroupId = bag.Text("GroupId"),
            Server = bag.Text("Server"),
            StartedAt = bag.Time("StartedAt"),
            AcceptedAt = bag.Time("AcceptedAt"),
            PatientCount = (int)(bag.Number("PatientCount") ?? 0),
            Types = [.. bag.Texts("Types")],
            Parameters = [.. bag.Texts("Parameters")],
            Since = bag.Text("Since"),
            Fingerprint = bag.Text("Fingerprint"),
            Scope = bag.Text("Scope"),
            RequestId = bag.Text("RequestId"),
            CorrelationId = bag.Text("CorrelationId"),
            RedoxLogIds = [.. bag.Texts("RedoxLogIds")],
            PreferenceApplied = bag.Text("PreferenceApplied"),
            JobFile = bag.Text("JobFile"),
        };
        return bag.Text("State") == ExportStatus.Complete && bag.Has("CheckedAt") ? ToStatus(job, bag) : job;
    }

    private static ExportJob ToStatus(ExportJob job, PropertyBag bag)
    {
        PropertyBag[] files = [.. bag.Objects("Files").Select(file => new PropertyBag(file))];

        // A serializer that did not go deep enough leaves text where the files were, a Select-Object leaves nothing at all, and a name
        // that this module did not give could lead out of the folder; the server still has them.
        if (!bag.Has("Files") || files.Any(file => string.IsNullOrEmpty(file.Text("Url")) || !FileNames.HasForm(file.Text("Name"))))
        {
            return job;
        }

        return new ExportStatus(job)
        {
            State = ExportStatus.Complete,
            CheckedAt = bag.Time("CheckedAt"),
            TransactionTime = bag.Text("TransactionTime"),
            Expires = bag.Time("Expires"),
            RequiresAccessToken = bag.Boolean("RequiresAccessToken"),
            OutputOrganizedBy = bag.Text("OutputOrganizedBy"),
            Files = [.. files.Select(ToFile)],
        };
    }

    private static ExportFile ToFile(PropertyBag bag) => new()
    {
        Kind = bag.Text("Kind") ?? ExportFile.Output,
        Type = bag.Text("Type"),
        Name = bag.Text("Name") ?? "",
        ContinuesIn = bag.Text("ContinuesIn"),
        Count = bag.Number("Count"),
        FileSize = bag.Number("FileSize"),
        Page = (int)(bag.Number("Page") ?? 1),
        Index = (int)(bag.Number("Index") ?? 0),
        Url = bag.Text("Url") ?? "",
        RequiresAccessToken = bag.Boolean("RequiresAccessToken"),
        StatusUrl = bag.Text("StatusUrl") ?? "",
        GroupId = bag.Text("GroupId"),
        Server = bag.Text("Server"),
        JobFile = bag.Text("JobFile"),
    };

    private static ExportException NotAJob(object? input) => new(
        ExportErrorKind.NotAJob,
        "This is no export job: it has no StatusUrl. Pipe what New-GroupExport, Get-ExportStatus or Get-ExportReceipt returned, or a status URL.")
    {
        // Not the object: it may well be a patient, and error records end up in logs.
        Subject = input is null ? "InputObject" : $"An object of type {Plain.Of(input).GetType().Name}",
    };
}
