using System.Diagnostics.CodeAnalysis;

namespace WatchReload.Daemon.Configuration;

/// <summary>Settings, or everything that is wrong with them.</summary>
/// <param name="Settings">Null when something is wrong.</param>
/// <param name="Errors">In the order in which one reads.</param>
/// <param name="Readable">There in any case.</param>
internal sealed record SettingsResult(Settings? Settings, IReadOnlyList<ConfigurationError> Errors, ReadableSettings Readable)
{
    [MemberNotNullWhen(true, nameof(Settings))]
    public bool Valid => Settings is not null;
}

/// <summary>
/// Reads the layers (watch.json, the host's configuration, environment, flags), puts them together, and checks the whole. Whatever is
/// wrong is collected, so that one look at the errors is enough to mend all.
/// </summary>
internal static class SettingsLoader
{
    public const string FileName = "watch.json";

    public static SettingsResult Load(SettingsSources sources)
    {
        sources = sources with { Directory = Path.GetFullPath(sources.Directory) };
        var problems = new List<ConfigurationError>();
        var texts = new[] { EnvironmentLayer.Read(sources, SettingsBinder.Keys, problems), Layer.OfFlags(sources) };
        var file = NamedFile(sources, sources.ConfigPath, EnvironmentLayer.ConfigPath) ?? ConfigurationFile.Find(sources.Directory, sources.Files);
        var root = file is null ? sources.Directory : Path.GetDirectoryName(file)!;
        var layers = new List<Layer>();
        if (file is not null)
            layers.Add(new Layer(LayerKind.Tree, root) { File = ConfigurationFile.Read(file, sources.Files, problems) });
        if (NamedFile(sources, sources.HostConfigPath, EnvironmentLayer.HostConfigPath) is { } host)
            layers.Add(HostConfiguration.Read(host, root, problems));
        var unreadable = layers.Any(layer => layer.File is null);

        var reading = new Reading([.. layers, .. texts]);
        var settings = SettingsBinder.Bind(reading, root, file);
        if (!sources.NeedsProject)
        {
            // It may be named all the same, in a watch.json that came along.
        }
        else if (settings.Project.Length > 0)
            ProjectFile.Check(reading, settings.Root, settings.Project, sources.Files);
        else if (!unreadable && !reading.Tried.Contains("project"))
            reading.Problems.Add(MissingProject(file, layers, sources.Directory));

        HostFile.Check(reading, "git.allowedSigners", settings.Git.AllowedSigners, root);
        HostFile.Check(reading, "git.allowedKeys", settings.Git.AllowedKeys, root);

        var errors = Sorted([.. problems, .. reading.Problems], file);
        var state = reading.Misread.Contains("state") ? StateSaid.Badly : (unreadable || file is null) && !reading.Given.ContainsKey("state") ? StateSaid.Perhaps : StateSaid.Clearly;
        return new SettingsResult(errors.Count == 0 ? settings : null, errors, new ReadableSettings(settings, state));
    }

    private static string? NamedFile(SettingsSources sources, string? flag, string variable)
    {
        var named = flag ?? sources.Environment.GetValueOrDefault(variable);
        return string.IsNullOrEmpty(named) ? null : Path.GetFullPath(named, sources.Directory);
    }

    private static ConfigurationError MissingProject(string? file, List<Layer> layers, string directory) => file is null
        ? Location.Of(Path.Combine(directory, FileName)).Problem(
            "There is no watch.json here, nor in a directory above up to the top of the git checkout.",
            "Let \"watchreload init\" write one, or name one with --config.")
        : layers[0].File!.At.Problem(
            "project is missing: nothing says which project is the service.",
            "Name its project file, such as \"project\": \"src/Service/Service.csproj\".");

    // As one reads: the file from top to bottom, then the other sources.
    private static List<ConfigurationError> Sorted(IEnumerable<ConfigurationError> errors, string? file) =>
        [.. errors.Distinct().OrderBy(error => error.File == file ? 0 : 1).ThenBy(error => error.File, StringComparer.Ordinal).ThenBy(error => error.Line).ThenBy(error => error.Column)];
}
