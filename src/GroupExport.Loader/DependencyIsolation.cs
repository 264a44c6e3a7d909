using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace GroupExport.Loader;

/// <summary>
/// Keeps the module's dependencies out of PowerShell's default load context, so that they neither meet nor disturb those of other modules.
/// </summary>
/// <remarks>
/// This assembly is a nested module of its own because PowerShell reads the exported types of the root module, and with them the
/// GroupExport.Core types in their signatures, before any code of the root module runs.
/// </remarks>
public sealed class DependencyIsolation : IModuleAssemblyInitializer
{
    private static readonly string[] s_bridged = ["GroupExport.Core", "GroupExport.Sandbox"];
    private static readonly object s_gate = new();
    private static DependencyContext? s_context;

    /// <summary>Registers the resolver once for the process. It stays after <c>Remove-Module</c>: other runspaces share the process.</summary>
    public void OnImport()
    {
        lock (s_gate)
        {
            if (s_context is not null)
            {
                return;
            }

            string here = Path.GetDirectoryName(typeof(DependencyIsolation).Assembly.Location)!;
            s_context = new DependencyContext(Path.Combine(here, "deps"));
            AssemblyLoadContext.Default.Resolving += Resolve;
        }
    }

    private static Assembly? Resolve(AssemblyLoadContext requester, AssemblyName name) =>
        s_bridged.Contains(name.Name) ? s_context!.LoadFromAssemblyName(name) : null;

    /// <summary>Loads the DLLs of <c>bin/deps</c>; everything else (the runtime, PowerShell) comes from the default context.</summary>
    private sealed class DependencyContext(string folder) : AssemblyLoadContext("GroupExport")
    {
        private readonly string? _native = NativeCode.Folder is { } name ? Path.Combine(folder, name) : null;

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string file = assemblyName.Name + ".dll";
            string path = Path.Combine(folder, file);
            return File.Exists(path) ? LoadNative(file) ?? LoadFromAssemblyPath(path) : null;
        }

        /// <summary>Loads the copy that was compiled ahead of time for this platform; <c>null</c> if there is none that loads.</summary>
        private Assembly? LoadNative(string file)
        {
            if (_native is null || Path.Combine(_native, file) is var path && !File.Exists(path))
            {
                return null;
            }

            try
            {
                return LoadFromAssemblyPath(path);
            }
            catch (BadImageFormatException)
            {
                return null;
            }
        }
    }
}
