using System.Security.Cryptography;
using System.Text;
using Microsoft.Build.Execution;
using WatchReload.Control;

namespace WatchReload.Builder.Evaluation;

/// <summary>
/// What an evaluation said of one project, before a build adds to it: which source files there are, and a hash of all else. Two evaluations with the
/// same hash differ in source files alone.
/// </summary>
/// <param name="Path">Absolute path of the project.</param>
/// <param name="Hash">Of properties, imports and items; of the items of source files, those that say more than a path.</param>
/// <param name="RestoreHash">Of the same without items that no restore looks at. Null when a restore may see something else than the evaluation does.</param>
/// <param name="Sources">Absolute paths, in the order of evaluation, each once.</param>
internal sealed record ProjectSnapshot(string Path, string Hash, string? RestoreHash, IReadOnlyList<string> Sources)
{
    private const string Source = "Compile";
    private const char Separator = '\u0001';

    /// <summary>
    /// Which file was written last, and where a configuration file might lie: of what these files say, all else tells. And which compiler server there is.
    /// </summary>
    private static readonly HashSet<string> Incidental = new(StringComparer.OrdinalIgnoreCase)
    {
        "MSBuildAllProjects", "PotentialEditorConfigFiles", "_AllDirectoriesAbove", "SharedCompilationId", "UseSharedCompilation",
    };

    /// <summary>By these a project can ask whether it is being restored, and say something else then.</summary>
    private static readonly string[] OfRestore = ["MSBuildIsRestoring", "MSBuildRestoreSessionId", "ExcludeRestorePackageImports"];

    /// <summary>A list of files that may be there.</summary>
    private const string GlobalConfigs = "GlobalAnalyzerConfigFiles";

    private static readonly HashSet<string> NotForRestore = new(StringComparer.OrdinalIgnoreCase)
    {
        Source, "None", "Content", "EmbeddedResource", "AdditionalFiles", "EditorConfigFiles", GlobalConfigs, "AssemblyMetadata", "AssemblyAttribute", "Using", "InternalsVisibleTo", "Folder",
    };

    public static ProjectSnapshot Of(ProjectInstance project, InputFilter filter)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var restore = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string kind, string name, string value, bool isForRestore = true)
        {
            var bytes = Encoding.UTF8.GetBytes($"{kind}{Separator}{name}{Separator}{value}\n");
            hash.AppendData(bytes);
            if (isForRestore)
                restore.AppendData(bytes);
        }

        foreach (var (name, value) in GlobalsOf(project))
            Add("global", name, value);
        foreach (var property in project.Properties.Where(property => !Incidental.Contains(property.Name)).OrderBy(property => property.Name, StringComparer.OrdinalIgnoreCase))
            Add("property", property.Name, property.EvaluatedValue);
        foreach (var import in project.ImportPaths)
            Add("import", import, "");
        var sources = new List<string>();
        foreach (var items in project.Items.Where(item => !Incidental.Contains(item.ItemType)).GroupBy(item => item.ItemType, StringComparer.OrdinalIgnoreCase).OrderBy(items => items.Key, StringComparer.OrdinalIgnoreCase))
        {
            var areSources = items.Key.Equals(Source, StringComparison.OrdinalIgnoreCase);
            foreach (var item in items)
            {
                var metadata = string.Join(Separator, item.Metadata.Select(value => $"{value.Name}={value.EvaluatedValue}").Order(StringComparer.Ordinal));
                if (areSources)
                    sources.Add(System.IO.Path.GetFullPath(item.EvaluatedInclude.Replace('\\', System.IO.Path.DirectorySeparatorChar), project.Directory));
                var isAbsent = items.Key.Equals(GlobalConfigs, StringComparison.OrdinalIgnoreCase) && !File.Exists(item.EvaluatedInclude);
                // Without metadata only a target can make something of it, and targets of the tree's own are in doubt anyway (TreeDoubt).
                var isEditors = metadata.Length == 0 && items.Key.Equals("None", StringComparison.OrdinalIgnoreCase) && EditorFiles.IsCertainlyOne(item.EvaluatedInclude);
                if (!isAbsent && !isEditors && (!areSources || metadata.Length > 0))
                    Add(items.Key, item.EvaluatedInclude, metadata, !NotForRestore.Contains(items.Key));
            }
        }
        return new ProjectSnapshot(project.FullPath, Convert.ToHexStringLower(hash.GetHashAndReset()), TellsRestoreMore(project, filter) ? null : Convert.ToHexStringLower(restore.GetHashAndReset()), [.. sources.Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>The global properties that tell something, in order.</summary>
    public static IEnumerable<KeyValuePair<string, string>> GlobalsOf(ProjectInstance project) =>
        project.GlobalProperties.Where(property => !Incidental.Contains(property.Key)).OrderBy(property => property.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>What restore sees of projects: the same for those that need the same packages. Null: an evaluation does not tell.</summary>
    public static string? ForRestore(IReadOnlyList<ProjectSnapshot> projects) => projects.Any(project => project.RestoreHash is null) ? null
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', projects.Select(project => $"{project.Path} {project.RestoreHash}").Order(StringComparer.Ordinal)))));

    /// <summary>A target of its own may add packages when restore collects them; a condition may be another then.</summary>
    private static bool TellsRestoreMore(ProjectInstance project, InputFilter filter) =>
        project.Targets.Values.Any(target => filter.IsInput(target.FullPath))
        || project.ImportPaths.Append(project.FullPath).Where(filter.IsInput).Distinct(StringComparer.Ordinal).Any(path =>
            !File.Exists(path) || MentionsRestore(File.ReadAllText(path)));

    internal static bool MentionsRestore(string text) => OfRestore.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Why there is more to these evaluations than other source files; null when there is not. Which these are, by project.</summary>
    public static string? Differ(IReadOnlyList<ProjectSnapshot> before, IReadOnlyList<ProjectSnapshot> now, out IReadOnlyList<(ProjectSnapshot Before, ProjectSnapshot Now)> others)
    {
        others = [];
        if (before.Count != now.Count || now.DistinctBy(project => project.Path).Count() != now.Count)
            return "other projects are built";
        var known = before.ToDictionary(project => project.Path, StringComparer.Ordinal);
        var pairs = new List<(ProjectSnapshot Before, ProjectSnapshot Now)>();
        foreach (var project in now)
        {
            if (!known.TryGetValue(project.Path, out var was))
                return "other projects are built";
            if (was.Hash != project.Hash)
                return $"more than the source files of {System.IO.Path.GetFileName(project.Path)} changed";
            if (!was.Sources.SequenceEqual(project.Sources))
                pairs.Add((was, project));
        }
        others = pairs;
        return null;
    }
}
