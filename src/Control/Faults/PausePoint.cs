namespace WatchReload.Control;

/// <summary>
/// Where a test can hold daemon, builder or node in the middle of a deploy, to end it just there. Off, and then it costs a comparison.
/// </summary>
/// <remarks>
/// Theory of operation. The environment variable <see cref="Variable"/> names a directory; it is read once, when the process first comes to
/// a pause point. A process that comes to the phase P opens <c>P</c> there, if there is such a FIFO, and reads it to its end. So whoever
/// opens the FIFO for writing is let through when the phase is reached, and lets the process go on by closing it; removed first, the FIFO
/// holds nobody a second time. Nothing is looked at again and again, and a process that is killed leaves nothing behind.
/// Only who decides over the process's environment can set this. A directory that is missing, not absolute, or that others own or can write to is ignored.
/// docs/operating.md lists the phases.
/// </remarks>
public static class PausePoint
{
    /// <summary>The environment variable. Not a setting: no file and no command line sets it.</summary>
    public const string Variable = "WATCHRELOAD_PAUSE";

    private static readonly string? _directory = Usable(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The phase is reached: goes on at once, unless somebody holds it.</summary>
    public static void Reach(string phase)
    {
        if (_directory is not null)
            Hold(Path.Combine(_directory, phase));
    }

    /// <summary>The same for the rename that makes a file or directory what it is to be: <c>before-current</c>, <c>after-current</c>.</summary>
    internal static void ReachRename(string when, string path)
    {
        if (_directory is not null)
            Hold(Path.Combine(_directory, $"{when}-{Path.GetFileName(path)}"));
    }

    private static void Hold(string fifo)
    {
        if (!File.Exists(fifo))
            return;
        try
        {
            // Shared, as a lock on it would shut out the one who holds it.
            using var held = new FileStream(fifo, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            while (held.ReadByte() >= 0)
            {
                // What is written does not matter; its end does.
            }
        }
        catch (FileNotFoundException)
        {
            // Let go of between the look and the opening.
        }
    }

    private static string? Usable(string? directory)
    {
        if (string.IsNullOrEmpty(directory) || OperatingSystem.IsWindows() || !Path.IsPathFullyQualified(directory) || !Directory.Exists(directory))
            return null;
        try
        {
            OwnedPath.CheckDirectory(directory);
            return directory;
        }
        catch (StateException)
        {
            return null;
        }
    }
}
