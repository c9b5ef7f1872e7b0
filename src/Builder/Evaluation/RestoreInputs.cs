using Microsoft.Build.Execution;
using WatchReload.Builder.Sdk;

namespace WatchReload.Builder.Evaluation;

/// <summary>The files that restore depends on.</summary>
internal static class RestoreInputs
{
    private static readonly string[] NuGetConfigNames = ["nuget.config", "NuGet.config", "NuGet.Config"];

    public static IReadOnlyList<string> Collect(IEnumerable<ProjectInstance> projects, InputFilter filter) =>
        [.. projects.SelectMany(Of).Concat(UserConfig()).Where(filter.IsInput).Distinct().Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> AssetsFiles(IEnumerable<ProjectInstance> projects) =>
        [.. projects.Select(project => project.GetPropertyValue("ProjectAssetsFile")).Where(path => path.Length > 0).Distinct()];

    /// <summary>Of one project, without what belongs to the user's account.</summary>
    public static IEnumerable<string> Of(ProjectInstance project)
    {
        var lockFile = project.GetPropertyValue("NuGetLockFilePath");
        lockFile = Path.GetFullPath(lockFile.Length > 0 ? lockFile : "packages.lock.json", project.Directory);
        var globalJson = GlobalJson.Find(project.Directory)?.Path;
        return project.ImportPaths
            .Append(project.FullPath)
            .Concat(NuGetConfigs(project.Directory))
            .Concat(File.Exists(lockFile) ? [lockFile] : [])
            .Concat(globalJson is null ? [] : [globalJson])
            .Distinct();
    }

    private static IEnumerable<string> NuGetConfigs(string directory)
    {
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
        {
            var found = NuGetConfigNames.Select(name => Path.Combine(at.FullName, name)).FirstOrDefault(File.Exists);
            if (found is not null)
                yield return found;
        }
    }

    private static IEnumerable<string> UserConfig()
    {
        var folder = OperatingSystem.IsWindows()
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "NuGet")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "NuGet");
        var path = Path.Combine(folder, "NuGet.Config");
        return File.Exists(path) ? [path] : [];
    }
}
