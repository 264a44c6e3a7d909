namespace GroupExport.Authorization;

/// <summary>One scope such as <c>system/Patient.rs</c> or, in the older spelling, <c>system/Patient.read</c> (SMART App Launch 2.2, scopes).</summary>
internal sealed record SmartScope(string Context, string Resource, string Rights)
{
    /// <summary>Read and search of everything, as servers of SMART 2 spell it.</summary>
    public const string AllOfVersion2 = "system/*.rs";

    /// <summary>The same as every server of SMART 1 spells it, and most of SMART 2 understand it.</summary>
    public const string AllOfVersion1 = "system/*.read";

    private const string Everything = "*";

    /// <summary>What was asked for and is not covered by what was granted, as it was written.</summary>
    public static IReadOnlyList<string> Missing(string asked, string granted)
    {
        SmartScope[] given = [.. Words(granted).Select(Parse)];
        return [.. Words(asked).Where(scope => !Parse(scope).IsCovered(given))];
    }

    private static string[] Words(string scopes) => scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A word that is no resource scope (<c>offline_access</c>) is covered by itself alone.</summary>
    private static SmartScope Parse(string scope)
    {
        int slash = scope.IndexOf('/');
        int dot = scope.IndexOf('.', slash + 1);
        return slash < 0 || dot < 0
            ? new SmartScope("", scope, "")
            : new SmartScope(scope[..slash], scope[(slash + 1)..dot], InLetters(scope[(dot + 1)..]));
    }

    private static string InLetters(string rights) => rights switch
    {
        "read" => "rs",
        "write" => "cud",
        Everything => "cruds",
        _ => rights,
    };

    /// <summary>The rights can come from several scopes: <c>.r</c> and <c>.s</c> are <c>.rs</c>.</summary>
    private bool IsCovered(SmartScope[] granted)
    {
        SmartScope[] fitting = [.. granted.Where(scope => scope.Context == Context && (scope.Resource == Resource || (Context.Length > 0 && scope.Resource == Everything)))];
        return fitting.Length > 0 && Rights.All(right => fitting.Any(scope => scope.Rights.Contains(right)));
    }
}
