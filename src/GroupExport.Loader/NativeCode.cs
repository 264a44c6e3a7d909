using System.Runtime.InteropServices;

namespace GroupExport.Loader;

/// <summary>Finds the folder of the DLLs that were compiled ahead of time (ReadyToRun) for the running process.</summary>
internal static class NativeCode
{
    /// <summary>The runtime that the copies are compiled for: another one ignores their native code, so that their greater size would be for nothing.</summary>
    private const int RuntimeMajorVersion = 10;

    /// <summary>Gets the name of the folder, such as <c>linux-x64</c>; <c>null</c> if this runtime uses no such code.</summary>
    public static string? Folder { get; } = Environment.Version.Major == RuntimeMajorVersion && System is { } system ? $"{system}-{Processor}" : null;

    private static string? System =>
        OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsLinux() ? "linux" : null;

    private static string Processor => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
}
