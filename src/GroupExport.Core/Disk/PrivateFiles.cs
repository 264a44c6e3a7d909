using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace GroupExport.Disk;

/// <summary>Creates folders and files that only the current user can read, because they hold health data: 0700 and 0600 on Unix, an ACL of one entry on Windows.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            CreateWindowsFolder(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Opens a file for writing; on Windows it inherits the ACL of its folder.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share, int bufferSize = 4096, FileOptions how = FileOptions.Asynchronous)
    {
        FileStreamOptions options = new()
        {
            Mode = mode,
            Access = FileAccess.Write,
            Share = share,
            BufferSize = bufferSize,
            Options = how,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }

    /// <summary>Opens a file that lies where others may look: on Windows it gets an ACL of its own.</summary>
    public static FileStream OpenAlone(string path, FileMode mode, FileShare share)
    {
        FileStream stream = Open(path, mode, share);
        if (OperatingSystem.IsWindows())
        {
            GuardWindowsFile(path);
        }

        return stream;
    }

    [SupportedOSPlatform("windows")]
    private static void GuardWindowsFile(string path)
    {
        FileSecurity security = new();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        security.AddAccessRule(new FileSystemAccessRule(WindowsIdentity.GetCurrent().User!, FileSystemRights.FullControl, AccessControlType.Allow));
        new FileInfo(path).SetAccessControl(security);
    }

    [SupportedOSPlatform("windows")]
    private static void CreateWindowsFolder(string path)
    {
        DirectorySecurity security = new();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        security.AddAccessRule(new FileSystemAccessRule(
            WindowsIdentity.GetCurrent().User!,
            FileSystemRights.FullControl,
            InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit,
            PropagationFlags.None,
            AccessControlType.Allow));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        new DirectoryInfo(path).Create(security);
    }
}
