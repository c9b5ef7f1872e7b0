using Microsoft.Build.Execution;
using WatchReload.Builder.Evaluation;

namespace WatchReload.Builder.Replay;

/// <summary>What in the projects makes it uncertain that repeating the compiler's calls gives what MSBuild would give.</summary>
internal static class TreeDoubt
{
    /// <summary>Their targets look after references and analyzers. Others may write sources by what they find outside of the inputs: a commit, a tag, the time.</summary>
    private static readonly string[] HarmlessPackages = ["microsoft.", "system."];

    /// <summary>Properties with a command that targets of the SDK run.</summary>
    private static readonly string[] BuildEvents = ["PreBuildEvent", "PostBuildEvent"];

    public static string? Of(EvaluatedTree tree) =>
        tree.Graph.ProjectNodes.Select(node => Of(node.ProjectInstance, tree.Filter)).OfType<string>().FirstOrDefault()
        ?? tree.Graph.ProjectNodes.Select(node => node.ProjectInstance).SelectMany(project => project.ImportPaths.Append(project.FullPath)).Where(tree.Filter.IsInput).Distinct(StringComparer.Ordinal).Select(ProjectText.Doubt).OfType<string>().FirstOrDefault()
        ?? tree.Graph.ProjectNodes.Select(node => OfPatterns(node.ProjectInstance, tree.Filter)).OfType<string>().FirstOrDefault();

    /// <summary>What a pattern takes in hidden directories, and in bin and obj, is listed (<see cref="Control.TreeListing"/>); in the directory of artifacts nothing is.</summary>
    private static string? OfPatterns(ProjectInstance project, InputFilter filter) => FilePatterns.All(project, filter)
        .Where(named => named.Pattern is not { } pattern || !FilePatterns.IsWithin(pattern.Directory, project.Directory) && !filter.IsImmutable(Path.Combine(pattern.Directory, pattern.Name)))
        .Select(named => $"{Path.GetFileName(named.File)} takes files by a pattern {(named.Pattern is null ? "that is not understood" : "from elsewhere")} ({named.Include})").FirstOrDefault();

    private static string? Of(ProjectInstance project, InputFilter filter)
    {
        var name = Path.GetFileName(project.FullPath);
        if (TargetFrameworks.IsOuterBuild(project))
            return $"{name} targets several frameworks";
        if (project.GetPropertyValue("Language") != "C#")
            return $"{name} is not C#";
        if (BuiltInHead.IsAskedFor(project))
            return $"{name} has the commit built in (EnableSourceControlManagerQueries)";
        if (BuildEvents.FirstOrDefault(property => project.GetPropertyValue(property).Trim().Length > 0) is { } command)
            return $"{name} has a command that runs with each build ({command})";
        if (project.Targets.Values.FirstOrDefault(target => filter.IsInput(target.FullPath)) is { } own)
            return $"{name} has a target of its own ({own.Name} in {Path.GetFileName(own.FullPath)})";
        return project.Targets.Values.Select(target => filter.PackageOf(target.FullPath)).OfType<string>().FirstOrDefault(package => !HarmlessPackages.Any(prefix => package.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))) is { } foreign
            ? $"{name} has targets of package {foreign}"
            : null;
    }
}
