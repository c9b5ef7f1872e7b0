using System.IO.Enumeration;

namespace WatchReload.Control;

/// <summary>Where a pattern of a project looks for files that its directory does not tell of: outside of it, or in what the SDK leaves out there (<c>bin</c>, <c>obj</c>, directories that begin with a dot).</summary>
/// <param name="Directory">Absolute. It may not be there yet.</param>
/// <param name="Name">Of the files: <c>*</c> is any text, <c>?</c> any character.</param>
/// <param name="IsDeep">It looks into the directories below, too.</param>
public sealed record FilePattern(string Directory, string Name, bool IsDeep)
{
    /// <summary>Absolute paths of directories that it looks into in no case.</summary>
    public IReadOnlyList<string> Except { get; init => field = value ?? []; } = [];

    /// <summary>Names of directories that it looks into nowhere below its own.</summary>
    public IReadOnlyList<string> ExceptNames { get; init => field = value ?? []; } = [];

    /// <summary>Whether a file of that name may be taken.</summary>
    public bool TakesName(ReadOnlySpan<char> name) => FileSystemName.MatchesSimpleExpression(Name, name, ignoreCase: true);

    /// <summary>Whether it looks into a directory below its own, by its absolute path. In git's, and in ours, nobody keeps files of his own.</summary>
    public bool Enters(string path) => IsDeep && Path.GetFileName(path.AsSpan()) is not (".git" or ".watchreload") && !Except.Contains(path, Comparer) && !IsExcept(Path.GetFileName(path.AsSpan()));

    /// <summary>Whether a file may be taken, by its absolute path.</summary>
    public bool Takes(string path)
    {
        if (!path.StartsWith(Directory, Comparison) || path.Length <= Directory.Length || !TakesName(Path.GetFileName(path.AsSpan())))
            return false;
        var below = path.AsSpan(Path.EndsInDirectorySeparator(Directory) ? Directory.Length - 1 : Directory.Length);
        return below[0] == Path.DirectorySeparatorChar && (IsDeep || below.LastIndexOf(Path.DirectorySeparatorChar) == 0)
            && !Except.Any(directory => path.StartsWith(directory, Comparison) && path.Length > directory.Length && path[directory.Length] == Path.DirectorySeparatorChar)
            && !IsBelowExcept(below);
    }

    private bool IsBelowExcept(ReadOnlySpan<char> below)
    {
        if (ExceptNames.Count == 0)
            return false;
        var directories = Path.GetDirectoryName(below);
        foreach (var part in directories.Split(Path.DirectorySeparatorChar))
            if (IsExcept(directories[part]))
                return true;
        return false;
    }

    private bool IsExcept(ReadOnlySpan<char> name)
    {
        foreach (var except in ExceptNames)
            if (name.Equals(except, Comparison))
                return true;
        return false;
    }

    public bool Equals(FilePattern? other) =>
        other is not null && (Directory, Name, IsDeep) == (other.Directory, other.Name, other.IsDeep) && Except.SequenceEqual(other.Except, StringComparer.Ordinal) && ExceptNames.SequenceEqual(other.ExceptNames, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Directory, Name, IsDeep, Except.Count, ExceptNames.Count);

    private static StringComparer Comparer => OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    private static StringComparison Comparison => OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
}
