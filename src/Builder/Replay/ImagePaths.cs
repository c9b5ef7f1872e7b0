using Microsoft.Build.Execution;
using Microsoft.CodeAnalysis.CSharp;

namespace WatchReload.Builder.Replay;

/// <summary>Where MSBuild has the images of a project: where the compiler writes them, and where they are copied to.</summary>
internal sealed class ImagePaths
{
    public ImagePaths(ProjectInstance project, CSharpCommandLineArguments arguments)
    {
        string Property(string name) => project.GetPropertyValue(name) is { Length: > 0 } value ? Path.GetFullPath(value.Replace('\\', Path.DirectorySeparatorChar), project.Directory) : "";
        var name = arguments.OutputFileName!;
        var copies = Property("TargetDir");
        IReadOnlyList<string> Both(string compiled) => [compiled, Path.Combine(copies, Path.GetFileName(compiled))];

        Assembly = Both(arguments.GetOutputFilePath(name));
        Symbols = Both(arguments.GetPdbFilePath(name));
        Documentation = arguments.DocumentationPath is { } documentation ? Both(documentation) : [];
        ForOthers = [.. Assembly.Append(Property("TargetRefPath")).Concat(arguments.OutputRefFilePath is { } reference ? [reference] : []).Where(path => path.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Assembly { get; }

    public IReadOnlyList<string> Symbols { get; }

    public IReadOnlyList<string> Documentation { get; }

    /// <summary>What the compiler calls of dependents may name.</summary>
    public IReadOnlyList<string> ForOthers { get; }
}
