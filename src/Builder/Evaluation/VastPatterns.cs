using System.IO.Enumeration;
using WatchReload.Builder.Diagnostics;
using WatchReload.Control;

namespace WatchReload.Builder.Evaluation;

/// <summary>Patterns that look through more than can be looked through at every edit and watched, as a home directory.</summary>
internal static class VastPatterns
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    /// <summary>Without them, and with a warning for each. In the projects' directories and below the root all is looked through in any case.</summary>
    /// <param name="inputs">As evaluation named them.</param>
    /// <param name="root">Of the tree that is watched; null: none is.</param>
    /// <param name="diagnostics">Where the warnings go.</param>
    public static BuildInputs Without(BuildInputs inputs, string? root, DiagnosticBag diagnostics)
    {
        var walked = inputs.Projects.Select(Path.GetDirectoryName).Append(root).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var vast = inputs.Patterns
            .Where(pattern => pattern.IsDeep && !walked.Any(directory => FilePatterns.IsWithin(pattern.Directory, directory)))
            .GroupBy(pattern => pattern with { Name = "*" })
            .Where(same => IsVast(same.Key))
            .SelectMany(same => same)
            .ToHashSet();
        foreach (var pattern in vast)
            diagnostics.Add(Problems.PatternTooVast(inputs.Projects[0], pattern));
        return vast.Count == 0 ? inputs : inputs with { Patterns = [.. inputs.Patterns.Where(pattern => !vast.Contains(pattern))] };
    }

    private static bool IsVast(FilePattern pattern)
    {
        try
        {
            return new FileSystemEnumerable<bool>(pattern.Directory, (ref FileSystemEntry _) => true, Everything) { ShouldRecursePredicate = (ref FileSystemEntry entry) => pattern.Enters(entry.ToFullPath()) }
                .Skip(TreeListing.Many).Any();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // not there, or closed
        }
    }
}
