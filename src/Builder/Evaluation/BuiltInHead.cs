using System.Text.RegularExpressions;
using Microsoft.Build.Execution;

namespace WatchReload.Builder.Evaluation;

/// <summary>Whether the commit that is checked out is built into a project: then its outputs change with every commit, whether or not a file does.</summary>
internal static partial class BuiltInHead
{
    /// <summary>Packages that make a version of the commit.</summary>
    private static readonly HashSet<string> Versioning = new(StringComparer.OrdinalIgnoreCase) { "minver", "gitinfo", "gitversion.msbuild", "nerdbank.gitversioning" };

    /// <summary>By the SDK's own means.</summary>
    public static bool IsAskedFor(ProjectInstance project) => project.GetPropertyValue("EnableSourceControlManagerQueries").Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Tops of the working trees whose commits are built in; a project's directory where there is no git yet.</summary>
    /// <param name="projects">As evaluated.</param>
    /// <param name="files">What is built: it may come from submodules, whose commits are named with it.</param>
    /// <param name="filter">Tells which texts are the tree's own.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<ProjectInstance> projects, IEnumerable<string> files, InputFilter filter)
    {
        var asking = new Dictionary<string, bool>(StringComparer.Ordinal); // projects share their imports
        var having = projects.Where(project => IsIn(project, filter, asking)).ToList();
        if (having.Count == 0)
            return [];
        return [.. having.Select(project => Top(project.Directory) ?? project.Directory)
            .Concat(files.Select(Path.GetDirectoryName).OfType<string>().Distinct(StringComparer.Ordinal).Select(Top).OfType<string>())
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static bool IsIn(ProjectInstance project, InputFilter filter, Dictionary<string, bool> asking) => IsAskedFor(project)
        || project.Targets.Values.Select(target => filter.PackageOf(target.FullPath)).OfType<string>().Any(Versioning.Contains)
        || project.ImportPaths.Append(project.FullPath).Where(filter.IsInput).Any(path => asking.TryGetValue(path, out var asks) ? asks : asking[path] = Asks(path));

    private static bool Asks(string path)
    {
        try
        {
            return File.Exists(path) && AsksGit().IsMatch(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it was evaluated a moment ago: it changes, and the next build reads it
        }
    }

    private static string? Top(string directory)
    {
        for (var at = directory; at is not null; at = Path.GetDirectoryName(at))
            if (Path.Exists(Path.Combine(at, ".git")))
                return at;
        return null;
    }

    /// <summary>A command of git's, or a file of its directory that tells the commit. In a comment too, which costs a build with a commit and no more.</summary>
    [GeneratedRegex(@"\bgit(\.exe)?[""']?\s+(-|rev-parse|describe|log|show|status|name-rev|rev-list|symbolic-ref|for-each-ref)|\.git[\\/]+(HEAD|refs|packed-refs|logs)\b", RegexOptions.IgnoreCase)]
    private static partial Regex AsksGit();
}
