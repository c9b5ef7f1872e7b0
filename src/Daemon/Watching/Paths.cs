namespace WatchReload.Daemon.Watching;

internal static class Paths
{
    /// <summary>How this system's usual file systems compare names.</summary>
    public static StringComparison Comparison { get; } = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    public static StringComparer Comparer { get; } = StringComparer.FromComparison(Comparison);

    /// <summary>Whether an absolute path lies below a directory; the directory itself does not.</summary>
    public static bool IsBelow(string path, string directory)
    {
        var length = Path.TrimEndingDirectorySeparator(directory.AsSpan()).Length;
        return path.Length > length + 1 && path[length] == Path.DirectorySeparatorChar && path.AsSpan(0, length).Equals(directory.AsSpan(0, length), Comparison);
    }

    /// <summary>The path below the directory, which it must lie in, with <c>/</c>.</summary>
    public static string RelativeTo(string directory, string path)
    {
        var relative = path[(Path.TrimEndingDirectorySeparator(directory.AsSpan()).Length + 1)..];
        return Path.DirectorySeparatorChar == '/' ? relative : relative.Replace(Path.DirectorySeparatorChar, '/');
    }
}
