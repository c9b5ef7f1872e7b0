namespace WatchReload.Daemon.Configuration;

/// <summary>What <c>init</c> did.</summary>
/// <param name="Written">Path of the new watch.json; null when none was written.</param>
/// <param name="Candidates">The projects that may be the service, relative to the directory, with <c>/</c>.</param>
/// <param name="Problem">Why none was written, and what to do; null when one was.</param>
internal sealed record InitOutcome(string? Written, IReadOnlyList<string> Candidates, ConfigurationError? Problem);

internal static class Initializer
{
    /// <param name="directory">Where projects are looked for.</param>
    /// <param name="project">The project to name, when there are several; relative to the directory.</param>
    /// <param name="path">Of the file to write, relative to the directory.</param>
    /// <param name="node">The name of the one node; null: the default's.</param>
    public static InitOutcome Run(string directory, string? project = null, string path = SettingsLoader.FileName, string? node = null)
    {
        directory = Path.GetFullPath(directory);
        var target = Path.GetFullPath(path, directory);
        var home = Path.GetDirectoryName(target)!;
        InitOutcome Refused(string cause, string remedy, params IReadOnlyList<string> candidates) => new(null, candidates, Location.Of(target).Problem(cause, remedy));

        if (node is not null && NodeFields.NameProblem(node) is var (cause, remedy))
            return Refused($"The node's name {cause}", remedy);
        if (!Directory.Exists(directory))
            return Refused("The directory does not exist.", "Create it, or run init in the directory of the service.");
        if (!Directory.Exists(home))
            return Refused($"The directory {home} does not exist.", "Create it, or choose another place with --config.");
        if (Path.Exists(target))
            return Refused($"There is a {Path.GetFileName(target)} already; it stays as it is.", "Edit it, or remove it and run init again.");
        if (project is not null && !File.Exists(Path.GetFullPath(project, directory)))
            return Refused($"There is no project {project}.", "Name a project file, relative to the directory.");

        var found = project is null ? ServiceProjects.In(directory) : new ServiceProjects.Found([Path.GetFullPath(project, directory)], true);
        string[] candidates = [.. found.Candidates.Select(path => Relative(directory, path))];
        if (candidates.Length == 0)
            return Refused("No project was found here or below.", "Run init in the directory of the service; or create one: dotnet new classlib, dotnet add package WatchReload.Actors (if that is not found, name the feed that has it in nuget.config: docs/getting-started.md).");
        if (candidates.Length > 1)
        {
            return Refused(
                found.ReferencesActors ? $"{candidates.Length} projects reference WatchReload.Actors." : $"None of {candidates.Length} projects references WatchReload.Actors.",
                $"Name the one that is the service: watchreload init {candidates[0]}",
                candidates);
        }

        try
        {
            using var file = new StreamWriter(new FileStream(target, FileMode.CreateNew, FileAccess.Write));
            file.Write(WatchFileTemplate.For(Relative(home, Path.GetFullPath(candidates[0], directory)), node));
            return new InitOutcome(target, candidates, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refused($"It cannot be written: {e.Message}", "Give this user access to the directory.", candidates);
        }
    }

    private static string Relative(string directory, string path) => Path.GetRelativePath(directory, path).Replace('\\', '/');
}
