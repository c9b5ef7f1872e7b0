using System.IO.Enumeration;

namespace WatchReload.Daemon.Watching;

internal static class TreeWalk
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 };

    /// <summary>The files below a directory. Links to directories are not followed, so that loops do no harm; what is gone or closed is left out.</summary>
    public static IEnumerable<string> Files(string directory, TreeFilter filter)
    {
        try
        {
            return new FileSystemEnumerable<string>(directory, static (ref entry) => entry.ToFullPath(), Everything)
            {
                ShouldIncludePredicate = static (ref entry) => !entry.IsDirectory,
                ShouldRecursePredicate = (ref entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0 && !filter.IsOut(entry.ToFullPath()),
            }.Where(path => !filter.IsOut(path)).ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory itself went away: it has no files.
            return [];
        }
    }
}
