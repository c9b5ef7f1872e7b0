using System.Diagnostics;
using System.Runtime.InteropServices;

namespace WatchReload.Daemon.Git;

internal static partial class ProcessSignal
{
    private const int Term = 15;

    /// <summary>Asks a process to end; where that cannot be asked, ends it.</summary>
    public static void Terminate(Process process)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                process.Kill(entireProcessTree: true);
            else
                _ = Kill(process.Id, Term);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
