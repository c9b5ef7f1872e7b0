using Microsoft.Build.Execution;

namespace WatchReload.Builder.Evaluation;

/// <summary>A service that targets several frameworks is built for the newest that the node can run.</summary>
internal static class TargetFrameworks
{
    private static readonly Version Node = SharedFrameworkVersion.OfNode;

    public static bool IsOuterBuild(ProjectInstance project) =>
        project.GetPropertyValue("TargetFramework").Length == 0 && project.GetPropertyValue("TargetFrameworks").Length > 0;

    public static string? Choose(ProjectInstance project) => Choose(project.GetPropertyValue("TargetFrameworks"), Node);

    internal static string? Choose(string frameworks, Version node) =>
        frameworks.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => (Name: name, Version: VersionOf(name)))
            .Where(framework => framework.Version is { } version && version <= node)
            .OrderByDescending(framework => framework.Version)
            .Select(framework => framework.Name)
            .FirstOrDefault();

    /// <summary><c>net10.0</c>; null for .NET Framework, .NET Standard and frameworks of one platform.</summary>
    private static Version? VersionOf(string name) =>
        name.StartsWith("net", StringComparison.OrdinalIgnoreCase) && name.Contains('.', StringComparison.Ordinal) && Version.TryParse(name.AsSpan(3), out var version) ? version : null;
}
