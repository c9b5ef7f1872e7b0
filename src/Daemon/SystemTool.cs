namespace WatchReload.Daemon;

/// <summary>
/// Where a program of the system lies. By its name alone the system would also look where the process stands, and in what an empty or relative entry of PATH
/// names: there another user may have put a program of that name.
/// </summary>
internal static class SystemTool
{
    /// <summary>Absolute path; null when no absolute directory of the path has such a program.</summary>
    /// <param name="name">Of the program, or its absolute path.</param>
    /// <param name="path">As in PATH.</param>
    public static string? Find(string name, string? path) => (path ?? "").Split(Path.PathSeparator)
        .Where(Path.IsPathFullyQualified)
        .Select(directory => Path.Combine(directory, name))
        .FirstOrDefault(IsProgram);

    /// <summary>On the PATH of this process.</summary>
    public static string? Find(string name) => Path.IsPathFullyQualified(name) ? name : Find(name, Environment.GetEnvironmentVariable("PATH"));

    private static bool IsProgram(string path)
    {
        const UnixFileMode executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & executable) != 0);
    }
}
