using System.Runtime.InteropServices;

namespace WatchReload.Node;

/// <summary>
/// Takes the process out of the session of whoever started it, so that Ctrl-C there and the end of the terminal do not reach it. On Windows
/// the daemon starts it in a process group of its own. In the foreground it stays where it is.
/// </summary>
internal static partial class ProcessSession
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    public static void Begin(bool standardOutputToError, bool foreground)
    {
        if (!OperatingSystem.IsWindows())
        {
            // Fails, harmlessly, when the process leads a session already.
            if (!foreground) _ = SetSid();
            if (standardOutputToError) _ = Dup2(StandardError, StandardOutput);
        }
        else if (standardOutputToError)
        {
            Console.SetOut(Console.Error);
        }
    }

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    private static partial int SetSid();

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Dup2(int from, int to);
}
