namespace WatchReload.Daemon.Configuration;

/// <summary>
/// The host's own configuration: same form as watch.json, and the only file that may say what decides over the tree (branch,
/// probation). It must not come with the tree, and nobody else may write to it.
/// </summary>
internal static class HostConfiguration
{
    public static Layer Read(string path, string root, List<ConfigurationError> problems)
    {
        if (HostFile.Problem("The host's configuration", path, root) is (var problem, var remedy))
            problems.Add(Location.Of(path).Problem(problem, remedy));
        return new Layer(LayerKind.Host, Path.GetDirectoryName(path)!) { File = ConfigurationFile.Read(path, FileView.Disk, problems) };
    }
}
