using Microsoft.Build.Execution;
using WatchReload.Control;

namespace WatchReload.Builder.Evaluation;

/// <summary>What evaluated projects name as inputs.</summary>
internal static class InputCollector
{
    /// <summary>Besides these: whatever a project declares as an item that can be chosen in an IDE (Protobuf and the like).</summary>
    private static readonly string[] AlwaysInputs =
        ["Compile", "Content", "EmbeddedResource", "AdditionalFiles", "EditorConfigFiles", "UpToDateCheckInput", "Resource", "Analyzer", "LinkResource", "EmbeddedFiles", "CompiledLicenseFile", "CustomAdditionalCompileInputs"];

    /// <summary>Of these, and of others, what the compiler reads.</summary>
    private static readonly string[] CompilerItems =
        ["Compile", "EmbeddedResource", "AdditionalFiles", "EditorConfigFiles", "GlobalAnalyzerConfigFiles", "Analyzer", "LinkResource", "EmbeddedFiles", "CompiledLicenseFile"];

    /// <summary>Of the compiler's call. What targets make of these, or find by themselves, the call names itself once it has been made.</summary>
    private static readonly string[] FileProperties = ["AssemblyOriginatorKeyFile", "ApplicationIcon", "ApplicationManifest", "Win32Manifest", "Win32Resource", "CodeAnalysisRuleSet", "SourceLink"];

    /// <summary>Items that are no files, or are looked at by other means.</summary>
    private static readonly HashSet<string> NeverInputs = new(StringComparer.OrdinalIgnoreCase)
    {
        "None", "Folder", "Reference", "PackageReference", "PackageVersion", "PackageDownload", "ProjectReference", "FrameworkReference", "COMReference", "ProjectCapability", "Using", "InternalsVisibleTo",
    };

    /// <param name="projects">As evaluated.</param>
    /// <param name="responses">Response files that MSBuild's command line would read.</param>
    /// <param name="filter">Tells what may change.</param>
    public static BuildInputs Collect(IReadOnlyList<ProjectInstance> projects, IEnumerable<string> responses, InputFilter filter)
    {
        var files = new SortedSet<string>(StringComparer.Ordinal);
        var imports = new SortedSet<string>(responses, StringComparer.Ordinal);
        foreach (var project in projects)
        {
            files.UnionWith(Files(project).Where(filter.IsInput));
            imports.UnionWith(Imports(project).Where(filter.IsInput));
        }
        files.UnionWith(files.SelectMany(ResxLinks.Of).Where(filter.IsInput).ToList());
        imports.UnionWith(files.Where(IsEditorConfig));
        files.RemoveWhere(IsEditorConfig);
        return new BuildInputs
        {
            Projects = [.. projects.Select(project => project.FullPath).Distinct().Order(StringComparer.Ordinal)],
            Files = [.. files],
            Imports = [.. imports],
            Patterns = [.. projects.SelectMany(project => FilePatterns.Of(project, filter)).Select(named => named.Pattern).OfType<FilePattern>().Distinct()],
            Heads = BuiltInHead.Of(projects, files, filter),
        };
    }

    /// <summary>Absolute paths of what the compiler reads, as far as the project names it.</summary>
    public static IEnumerable<string> CompilerFiles(ProjectInstance project) => CompilerItems.SelectMany(project.GetItems).Select(item => item.EvaluatedInclude)
        .Concat(project.GetItems("Content").Select(item => item.EvaluatedInclude).Where(IsPage))
        .Concat(HintPaths(project))
        .Select(path => FullPath(path, project))
        .Concat(PropertyFiles(project))
        .Concat(ResourceFiles(project))
        .Where(File.Exists);

    /// <summary>Absolute paths of what resources are made of before the compiler runs.</summary>
    public static IEnumerable<string> ResourceFiles(ProjectInstance project) => project.GetItems("EmbeddedResource").Select(item => FullPath(item.EvaluatedInclude, project))
        .Where(path => Path.GetExtension(path).ToUpperInvariant() is ".RESX" or ".RESTEXT").SelectMany(path => ResxLinks.Of(path).Append(path));

    private static IEnumerable<string> Files(ProjectInstance project)
    {
        var types = project.GetItems("AvailableItemName").Select(item => item.EvaluatedInclude).Concat(AlwaysInputs).Where(type => !NeverInputs.Contains(type)).Distinct(StringComparer.OrdinalIgnoreCase);
        var items = types.SelectMany(project.GetItems).Concat(project.GetItems("None").Where(IsCopied)).Select(item => item.EvaluatedInclude);
        return items.Concat(HintPaths(project)).Select(path => FullPath(path, project)).Concat(PropertyFiles(project));
    }

    /// <summary>Of assemblies that are referenced as files.</summary>
    private static IEnumerable<string> HintPaths(ProjectInstance project) => project.GetItems("Reference").Select(item => item.GetMetadataValue("HintPath")).Where(path => path.Length > 0);

    private static IEnumerable<string> PropertyFiles(ProjectInstance project) =>
        FileProperties.Select(project.GetPropertyValue).Where(path => path.Length > 0).Select(path => FullPath(path, project)).Where(File.Exists);

    private static string FullPath(string path, ProjectInstance project) => Path.GetFullPath(path.Replace('\\', Path.DirectorySeparatorChar), project.Directory);

    private static IEnumerable<string> Imports(ProjectInstance project) =>
        project.ImportPaths.Where(path => path != project.FullPath).Concat(RestoreInputs.Of(project).Where(path => path != project.FullPath));

    private static bool IsCopied(ProjectItemInstance item) =>
        IsSet(item.GetMetadataValue("CopyToOutputDirectory")) || IsSet(item.GetMetadataValue("CopyToPublishDirectory"));

    private static bool IsSet(string copy) => copy.Length > 0 && !copy.Equals("Never", StringComparison.OrdinalIgnoreCase);

    /// <summary>Razor's generator is given these.</summary>
    private static bool IsPage(string path) => Path.GetExtension(path).ToUpperInvariant() is ".RAZOR" or ".CSHTML";

    private static bool IsEditorConfig(string path) => Path.GetFileName(path) is ".editorconfig" or ".globalconfig";
}
