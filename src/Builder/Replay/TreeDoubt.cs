using Microsoft.Build.Execution;
using WatchReload.Builder.Evaluation;

namespace WatchReload.Builder.Replay;

/// <summary>What in the projects makes it uncertain that repeating the compiler's calls gives what MSBuild would give.</summary>
internal static class TreeDoubt
{
    public static string? Of(EvaluatedTree tree)
    {
        foreach (var project in tree.Graph.ProjectNodes.Select(node => node.ProjectInstance))
        {
            var name = Path.GetFileName(project.FullPath);
            if (TargetFrameworks.IsOuterBuild(project))
                return $"{name} targets several frameworks";
            if (project.GetPropertyValue("Language") != "C#")
                return $"{name} is not C#";
            if (IsTrue(project, "EnableSourceControlManagerQueries"))
                return $"{name} has the commit built in (EnableSourceControlManagerQueries)";
            if (project.Targets.Values.FirstOrDefault(target => tree.Filter.IsInput(target.FullPath)) is { } own)
                return $"{name} has a target of its own ({own.Name} in {Path.GetFileName(own.FullPath)})";
            if (Outside(project, tree) is { } outside)
                return $"{name} has a source file outside the projects' directories ({outside})";
        }
        return null;
    }

    /// <summary>A new file beside it would be no change that anybody tells of.</summary>
    private static string? Outside(ProjectInstance project, EvaluatedTree tree)
    {
        var directories = tree.Inputs.Projects.Select(path => Path.GetDirectoryName(path) + Path.DirectorySeparatorChar).ToList();
        return project.GetItems("Compile")
            .Select(item => Path.GetFullPath(item.EvaluatedInclude.Replace('\\', Path.DirectorySeparatorChar), project.Directory))
            .FirstOrDefault(path => tree.Filter.IsInput(path) && !directories.Exists(directory => path.StartsWith(directory, StringComparison.Ordinal)));
    }

    private static bool IsTrue(ProjectInstance project, string property) => project.GetPropertyValue(property).Equals("true", StringComparison.OrdinalIgnoreCase);
}
