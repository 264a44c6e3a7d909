namespace GroupExport.Shell;

/// <summary>What the process answers when the script itself does not say <c>exit</c>.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A terminating error, a script that does not parse or does not exist, or a failed last statement of -Command.</summary>
    public const int Failure = 1;

    /// <summary>EX_USAGE of sysexits.h.</summary>
    public const int Usage = 64;

    /// <summary>128 + SIGINT, as shells report it.</summary>
    public const int Stopped = 130;
}
