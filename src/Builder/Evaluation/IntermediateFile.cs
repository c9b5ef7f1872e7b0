using Microsoft.Build.Execution;

namespace WatchReload.Builder.Evaluation;

/// <summary>A file that targets keep between builds of a project.</summary>
internal static class IntermediateFile
{
    /// <summary>Its absolute path.</summary>
    public static string PathOf(ProjectInstance project, string name) =>
        Path.Combine(project.Directory, project.GetPropertyValue("IntermediateOutputPath").Replace('\\', Path.DirectorySeparatorChar), name);
}
