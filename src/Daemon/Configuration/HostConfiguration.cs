namespace WatchReload.Daemon.Configuration;

/// <summary>
/// The host's own configuration: same form as watch.json, and the only file that may say what decides over the tree (branch,
/// probation). It must not come with the tree, and nobody else may write to it.
/// </summary>
internal static class HostConfiguration
{
    public static Layer Read(string path, string root, List<ConfigurationError> problems)
    {
        if (ConfigurationFile.GitTop(root) is { } top && IsBelow(path, top))
        {
            problems.Add(Location.Of(path).Problem(
                "The host's configuration lies in the tree, so whoever may push could change it.",
                $"Move it out of {top}."));
        }
        else if (!OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
        {
            problems.Add(Location.Of(path).Problem("Other users can write to the host's configuration.", $"Close it: chmod go-w {path}"));
        }

        return new Layer(LayerKind.Host, Path.GetDirectoryName(path)!) { File = ConfigurationFile.Read(path, problems) };
    }

    // The git directory itself is out of reach of a push, though it lies below the top.
    private static bool IsBelow(string path, string top)
    {
        var relative = Path.GetRelativePath(top, path);
        return !relative.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(relative) && relative.Split(Path.DirectorySeparatorChar)[0] != ".git";
    }
}
