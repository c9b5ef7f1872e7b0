using Microsoft.Build.Execution;
using WatchReload.Control;

namespace WatchReload.Builder.Evaluation;

/// <summary>What evaluated projects name as inputs.</summary>
internal static class InputCollector
{
    /// <summary>Besides these: whatever a project declares as an item that can be chosen in an IDE (Protobuf and the like).</summary>
    private static readonly string[] AlwaysInputs =
        ["Compile", "Content", "EmbeddedResource", "AdditionalFiles", "EditorConfigFiles", "UpToDateCheckInput", "Resource", "Analyzer"];

    /// <summary>Items that are no files, or are looked at by other means.</summary>
    private static readonly HashSet<string> NeverInputs = new(StringComparer.OrdinalIgnoreCase)
    {
        "None", "Folder", "Reference", "PackageReference", "PackageVersion", "PackageDownload", "ProjectReference", "FrameworkReference", "COMReference", "ProjectCapability", "Using", "InternalsVisibleTo",
    };

    public static BuildInputs Collect(IReadOnlyList<ProjectInstance> projects, InputFilter filter)
    {
        var files = new SortedSet<string>(StringComparer.Ordinal);
        var imports = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var project in projects)
        {
            files.UnionWith(Files(project).Where(filter.IsInput));
            imports.UnionWith(Imports(project).Where(filter.IsInput));
        }
        imports.UnionWith(files.Where(IsEditorConfig));
        files.RemoveWhere(IsEditorConfig);
        return new BuildInputs
        {
            Projects = [.. projects.Select(project => project.FullPath).Distinct().Order(StringComparer.Ordinal)],
            Files = [.. files],
            Imports = [.. imports],
        };
    }

    private static IEnumerable<string> Files(ProjectInstance project)
    {
        var types = project.GetItems("AvailableItemName").Select(item => item.EvaluatedInclude).Concat(AlwaysInputs).Where(type => !NeverInputs.Contains(type)).Distinct(StringComparer.OrdinalIgnoreCase);
        var items = types.SelectMany(project.GetItems).Concat(project.GetItems("None").Where(IsCopied)).Select(item => item.EvaluatedInclude);
        var loose = project.GetItems("Reference").Select(item => item.GetMetadataValue("HintPath")).Where(path => path.Length > 0);
        return items.Concat(loose).Select(path => Path.GetFullPath(path.Replace('\\', Path.DirectorySeparatorChar), project.Directory));
    }

    private static IEnumerable<string> Imports(ProjectInstance project) =>
        project.ImportPaths.Where(path => path != project.FullPath).Concat(RestoreInputs.Of(project).Where(path => path != project.FullPath));

    private static bool IsCopied(ProjectItemInstance item) =>
        IsSet(item.GetMetadataValue("CopyToOutputDirectory")) || IsSet(item.GetMetadataValue("CopyToPublishDirectory"));

    private static bool IsSet(string copy) => copy.Length > 0 && !copy.Equals("Never", StringComparison.OrdinalIgnoreCase);

    private static bool IsEditorConfig(string path) => Path.GetFileName(path) is ".editorconfig" or ".globalconfig";
}
