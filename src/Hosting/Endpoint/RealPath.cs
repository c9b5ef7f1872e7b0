namespace WatchReload.Hosting.Endpoint;

/// <summary>Where a path leads when all links in it are followed.</summary>
internal static class RealPath
{
    private const int MostLinks = 40;

    private static StringComparison Comparison => OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Why the path does not lead to a place below the directory; null when it does.</summary>
    public static string? WhyNotBelow(string directory, string path)
    {
        if (!Path.IsPathFullyQualified(path) || path.Contains('\0') || Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) != Path.TrimEndingDirectorySeparator(path))
            return $"\"{path}\" is not an absolute path in its plain form.";
        try
        {
            var leadsTo = Resolve(path);
            return leadsTo.StartsWith(Resolve(directory) + Path.DirectorySeparatorChar, Comparison)
                ? null
                : $"\"{path}\" {(leadsTo == path ? "does not lie" : $"leads to {leadsTo}, which does not lie")} in the state directory {directory}.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"\"{path}\" cannot be followed: {e.Message}";
        }
    }

    private static string Resolve(string path)
    {
        var links = 0;
        return Resolve(path, ref links);
    }

    private static string Resolve(string path, ref int links)
    {
        var full = Path.GetFullPath(path);
        var root = Path.GetPathRoot(full)!;
        var resolved = root;
        foreach (var part in full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(resolved, part);
            if (new DirectoryInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > MostLinks)
                throw new IOException("Too many links.");
            resolved = Resolve(Path.Combine(resolved, target), ref links); // a target is relative to where its link lies
        }

        return resolved;
    }
}
