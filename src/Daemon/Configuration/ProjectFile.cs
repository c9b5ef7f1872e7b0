namespace WatchReload.Daemon.Configuration;

/// <summary>Refuses what cannot be the service's project.</summary>
internal static class ProjectFile
{
    private const int MostShown = 5;
    private static readonly string[] _extensions = [".csproj", ".fsproj", ".vbproj"];

    public static bool IsProject(string path) => _extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <param name="reading">Told what is wrong.</param>
    /// <param name="root">Directory of watch.json: what is suggested instead can be written there as it stands.</param>
    /// <param name="project">Absolute.</param>
    /// <param name="files">Where it must be.</param>
    public static void Check(Reading reading, string root, string project, FileView files)
    {
        if (Problem(root, project, files) is (var problem, var remedy))
            reading.Fail("project", problem, remedy);
    }

    private static (string Problem, string Remedy)? Problem(string root, string project, FileView files)
    {
        if (files.IsDirectory(project))
            return ($"is a directory, not a project file: {project}.", Instead(root, project, files, "Name the project file in it"));
        if (!files.IsFile(project))
            return ($"does not exist: {project}.", Instead(root, Path.GetDirectoryName(project) ?? project, files, "Name a project file that exists"));
        if (!IsProject(project))
            return ($"is not a project file: {project}.", Instead(root, Path.GetDirectoryName(project)!, files, "Name a .csproj file"));
        return null;
    }

    private static string Instead(string root, string directory, FileView files, string remedy)
    {
        string[] near = [.. files.FilesIn(directory).Where(IsProject).Order(StringComparer.Ordinal).Take(MostShown).Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))];
        return near.Length == 0 ? $"{remedy}; the path starts at the directory of its watch.json." : $"{remedy}: {string.Join(", ", near)}.";
    }
}
