using Microsoft.Build.Execution;

namespace WatchReload.Builder.Evaluation;

/// <summary>Tells inputs that a user may edit from those that never change under a path (SDK, package cache), and from what builds write.</summary>
internal sealed class InputFilter
{
    private readonly string[] _packages;
    private readonly string[] _immutable;
    private readonly string[] _written;
    private readonly string _sdk;

    public InputFilter(string sdkRoot, ProjectInstance service)
    {
        _packages = [.. PackageFolders(service).Select(Folder)];
        _sdk = Folder(sdkRoot);
        _immutable = [.. _packages, _sdk, Folder(GlobalProperties.ImportsDirectory)];
        _written = [Folder(service.GetPropertyValue("ArtifactsPath"))];
    }

    public bool IsImmutable(string path) => _immutable.Any(folder => path.StartsWith(folder, PathComparison));

    /// <summary>Whether it came with the SDK, its packs among it.</summary>
    public bool IsOfSdk(string path) => path.StartsWith(_sdk, PathComparison);

    /// <summary>The package that a file belongs to; null when to none.</summary>
    public string? PackageOf(string path) =>
        _packages.FirstOrDefault(folder => path.StartsWith(folder, PathComparison)) is { } folder ? path[folder.Length..].Split(Path.DirectorySeparatorChar)[0] : null;

    /// <summary>Whether it is part of what the build reads and somebody may change.</summary>
    public bool IsInput(string path) => !IsImmutable(path) && !_written.Any(folder => path.StartsWith(folder, PathComparison));

    /// <summary>Directories below another, by absolute paths, in which nothing is an input.</summary>
    public IEnumerable<string> WithoutInputs(string directory) =>
        _immutable.Concat(_written).Where(folder => folder.StartsWith(Folder(directory), PathComparison)).Select(Path.TrimEndingDirectorySeparator);

    private static StringComparison PathComparison => OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private static string Folder(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) + Path.DirectorySeparatorChar;

    private static IEnumerable<string> PackageFolders(ProjectInstance service)
    {
        var folders = service.GetPropertyValue("NuGetPackageFolders").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var root = service.GetPropertyValue("NuGetPackageRoot");
        return root.Length == 0 ? folders : folders.Append(root);
    }
}
