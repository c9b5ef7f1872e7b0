using Microsoft.Build.Execution;

namespace WatchReload.Builder.Evaluation;

/// <summary>Tells inputs that a user may edit from those that never change under a path (SDK, package cache), and from what builds write.</summary>
internal sealed class InputFilter
{
    private readonly string[] _immutable;
    private readonly string[] _written;

    public InputFilter(string sdkRoot, ProjectInstance service)
    {
        _immutable = [.. PackageFolders(service).Append(sdkRoot).Append(GlobalProperties.ImportsDirectory).Select(Folder)];
        _written = [Folder(service.GetPropertyValue("ArtifactsPath"))];
    }

    public bool IsImmutable(string path) => _immutable.Any(folder => path.StartsWith(folder, PathComparison));

    /// <summary>Whether it is part of what the build reads and somebody may change.</summary>
    public bool IsInput(string path) => !IsImmutable(path) && !_written.Any(folder => path.StartsWith(folder, PathComparison));

    private static StringComparison PathComparison => OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private static string Folder(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) + Path.DirectorySeparatorChar;

    private static IEnumerable<string> PackageFolders(ProjectInstance service)
    {
        var folders = service.GetPropertyValue("NuGetPackageFolders").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var root = service.GetPropertyValue("NuGetPackageRoot");
        return root.Length == 0 ? folders : folders.Append(root);
    }
}
