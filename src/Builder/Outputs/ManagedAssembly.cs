using System.Reflection;

namespace WatchReload.Builder.Outputs;

internal static class ManagedAssembly
{
    /// <summary>The assembly version in a file; null when the file is a native library.</summary>
    public static Version? VersionOf(string path)
    {
        try
        {
            return AssemblyName.GetAssemblyName(path).Version ?? new Version(0, 0);
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }
}
