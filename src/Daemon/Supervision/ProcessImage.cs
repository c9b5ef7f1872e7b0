using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace WatchReload.Daemon.Supervision;

/// <summary>Replaces the program of this process by another: same pid, same parent, same open sockets of a service manager.</summary>
internal static partial class ProcessImage
{
    /// <summary>Does not return.</summary>
    /// <exception cref="Win32Exception">The program cannot be started; this one goes on.</exception>
    [UnsupportedOSPlatform("windows")]
    public static int Become(ProcessStartInfo program)
    {
        string?[] arguments = [program.FileName, .. program.ArgumentList, null];
        string?[] environment = [.. program.Environment.Where(v => v.Value is not null).Select(v => $"{v.Key}={v.Value}"), null];
        _ = Exec(program.FileName, arguments, environment);
        throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Exec(string path, string?[] arguments, string?[] environment);
}
