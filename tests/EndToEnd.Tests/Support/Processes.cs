using System.Diagnostics;
using WatchReload.Control;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>Processes that a command started, by their pid.</summary>
internal static class Processes
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Ends it as a crash does.</summary>
    public static void Crash(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    /// <summary>
    /// Waits until it has ended. It is nobody's child here, so it has to be looked at. <see cref="Process.WaitForExitAsync"/> looks too,
    /// but takes it for alive until it is reaped, which the first process of a container may never do.
    /// </summary>
    public static Task Ended(ProcessIdentity process, string what) => Deadline.Within(
        async cancellation =>
        {
            while (process.IsAlive)
                await Task.Delay(Look, cancellation);
        },
        () => $"the end of {what} (pid {process.Pid})");

    /// <summary>A tool of the system, which must succeed.</summary>
    public static async Task Run(string tool, params string[] arguments) => Assert.True(await Try(tool, arguments), $"{tool} {string.Join(' ', arguments)} failed.");

    /// <summary>A tool of the system, and whether it succeeds.</summary>
    public static async Task<bool> Try(string tool, params string[] arguments)
    {
        using var process = Process.Start(tool, arguments);
        await Deadline.Within(process.WaitForExitAsync, () => $"the end of {tool}");
        return process.ExitCode == 0;
    }
}
