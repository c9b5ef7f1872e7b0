namespace WatchReload.Daemon.Configuration;

/// <summary>A file of the host that decides over the tree: it must not come with the tree, and nobody else may write to it.</summary>
internal static class HostFile
{
    /// <param name="what">Begins the sentence: <c>The host's configuration</c>.</param>
    /// <param name="path">Absolute.</param>
    /// <param name="root">Of the tree.</param>
    public static (string Problem, string Remedy)? Problem(string what, string path, string root)
    {
        if (ConfigurationFile.GitTop(root) is { } top && IsBelow(path, top))
            return ($"{what} lies in the tree, so whoever may push could change it.", $"Move it out of {top}.");
        if (!OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
            return ($"Other users can write to {what[..1].ToLowerInvariant()}{what[1..]}.", $"Close it: chmod go-w {path}");
        return null;
    }

    /// <summary>Of a setting that names such a file, which must be there.</summary>
    public static void Check(Reading reading, string setting, string? path, string root)
    {
        if (path is null || !reading.Given.ContainsKey(setting))
            return;
        if (!File.Exists(path))
            reading.Fail(setting, $"does not exist: {path}.", "Name a file that is there; without it nothing could be deployed.");
        else if (Problem($"The file {path}", path, root) is (var problem, var remedy))
            reading.Fail(setting, $"cannot be trusted: {problem}", remedy);
    }

    // The git directory itself is out of reach of a push, though it lies below the top.
    private static bool IsBelow(string path, string top)
    {
        var relative = Path.GetRelativePath(top, path);
        return !relative.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(relative) && relative.Split(Path.DirectorySeparatorChar)[0] != ".git";
    }
}
