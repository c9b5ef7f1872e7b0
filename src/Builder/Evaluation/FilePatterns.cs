using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.Build.Exceptions;
using Microsoft.Build.Execution;
using WatchReload.Control;

namespace WatchReload.Builder.Evaluation;

/// <summary>
/// The patterns by which a project, and what it imports, takes files: what the texts include, with the properties that the evaluation has come to. Whatever conditions say; of what is
/// excluded, directories with all that they have are left out. What the SDK and packages take lies in the projects' directories.
/// </summary>
internal static partial class FilePatterns
{
    private const string Deep = "**";

    /// <summary>Those that may take what a look at the project's directory, without outputs and hidden directories, does not tell of, and somebody may change.</summary>
    public static IReadOnlyList<NamedPattern> Of(ProjectInstance project, InputFilter filter) => [.. All(project, filter)
        .Where(named => named.Pattern is not { } pattern || filter.IsInput(Path.Combine(pattern.Directory, pattern.Name)))
        .Select(named => named.Pattern is { IsDeep: true } deep ? named with { Pattern = deep with { Except = Ordered(deep.Except.Concat(filter.WithoutInputs(deep.Directory))) } } : named)];

    /// <summary>Those into outputs and packages too.</summary>
    public static IEnumerable<NamedPattern> All(ProjectInstance project, InputFilter filter) => project.ImportPaths.Append(project.FullPath).Where(filter.IsInput).Distinct(StringComparer.Ordinal)
        .SelectMany(path => In(path, project.Directory, text => Expanded(project, text)));

    private static string Expanded(ProjectInstance project, string text)
    {
        try
        {
            return project.ExpandString(text);
        }
        catch (InvalidProjectFileException)
        {
            return text; // in a target, or under a condition that does not hold: else it could not have been evaluated
        }
    }

    /// <param name="path">Of a project file or an import.</param>
    /// <param name="directory">Of the project that it is evaluated for.</param>
    /// <param name="expand">Puts in what properties and items say.</param>
    public static IEnumerable<NamedPattern> In(string path, string directory, Func<string, string> expand)
    {
        foreach (var (include, exclude) in Includes(path))
        {
            List<string>? excluded = null;
            foreach (var part in Parts(include))
            {
                if (Parse(part, directory) is not { } pattern)
                    yield return new NamedPattern(path, part, null);
                else if (!IsToldOf(pattern, directory) && !IsRoot(pattern.Directory))
                    yield return new NamedPattern(path, part, pattern.IsDeep ? Without(pattern, part, excluded ??= [.. Parts(exclude)], directory) : pattern);
            }
        }

        IEnumerable<string> Parts(string text) =>
            expand(FromNothing().Replace(OfThisFile().Replace(text, found => Own(path, found.Groups["name"].Value)), found => expand(found.Groups["before"].Value).Length == 0 ? "" : found.Value)).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(IsPattern);
    }

    /// <summary>Leaves out the directories that are excluded with all that they have, by where they lie or by what they are called: where the texts begin alike, for MSBuild compares those, and not what they lead to.</summary>
    private static FilePattern Without(FilePattern pattern, string include, List<string> excluded, string directory)
    {
        var start = Start(include);
        return pattern with
        {
            Except = Ordered(excluded.Where(part => WholeDirectory().IsMatch(part) && Start(part).StartsWith(start, StringComparison.Ordinal)).Select(part => Parse(part, directory)).OfType<FilePattern>().Select(whole => whole.Directory)),
            ExceptNames = Ordered(excluded.Select(part => NamedDirectory().Match(part)).Where(IsAbove).Select(found => found.Groups["name"].Value)),
        };

        bool IsAbove(Match found) => found.Success && Start(found.Groups["at"].Value) is var at && start.StartsWith(at, StringComparison.Ordinal) && IsWithin(pattern.Directory, Path.GetFullPath(at, directory));
    }

    private static IReadOnlyList<string> Ordered(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>What comes before the first wildcard, up to the last slash.</summary>
    private static string Start(string include)
    {
        var text = include.Replace('\\', '/');
        return text.IndexOfAny(['*', '?']) is >= 0 and var end ? text[..(text.LastIndexOf('/', end) + 1)] : text;
    }

    /// <summary>MSBuild does not look through a whole disk either.</summary>
    private static bool IsRoot(string directory) => Path.GetPathRoot(directory) == directory;

    /// <summary>What items include, in targets too, as far as it may be a pattern.</summary>
    private static IEnumerable<(string Include, string Exclude)> Includes(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            return Including().Matches(text).Any(found => MayBePattern(found.Value) || found.Value.Contains('&'))
                ? [.. XDocument.Parse(text).Descendants().Select(item => (Include: Of(item, "Include"), Exclude: Of(item, "Exclude"))).Where(item => MayBePattern(item.Include))]
                : [];
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            return []; // it was evaluated a moment ago: it changes, and the next build reads it
        }
    }

    private static string Of(XElement item, string name) => item.Attributes().FirstOrDefault(attribute => attribute.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value ?? "";

    private static bool MayBePattern(string include) => IsPattern(include) || include.Contains("$(", StringComparison.Ordinal) || include.Contains('%');

    private static bool IsPattern(string include) => include.Contains('*') || include.Contains('?');

    private static string Own(string path, string name) => name.ToUpperInvariant() switch
    {
        "DIRECTORY" => Path.GetDirectoryName(path)! + Path.DirectorySeparatorChar,
        "FULLPATH" => path,
        "NAME" => Path.GetFileNameWithoutExtension(path),
        "EXTENSION" => Path.GetExtension(path),
        "FILE" or "" => Path.GetFileName(path),
        _ => "",
    };

    /// <summary>Null: it goes by metadata, or up again behind what may be anything.</summary>
    private static FilePattern? Parse(string include, string directory)
    {
        if (include.Contains("%(", StringComparison.Ordinal))
            return null;
        var parts = include.Replace('\\', '/').Split('/');
        var first = Array.FindIndex(parts, IsPattern);
        var (at, rest) = (string.Join('/', parts.Take(first)), parts[first..]);
        if (rest.Contains(".."))
            return null;
        at = include.StartsWith('/') && at.Length == 0 ? "/" : at;
        var name = rest[^1] is Deep or "*.*" or "" ? "*" : rest[^1];
        return new FilePattern(Path.TrimEndingDirectorySeparator(Path.GetFullPath(at, directory)), name, rest.Length > 1 || rest[^1] == Deep);
    }

    private static bool IsToldOf(FilePattern pattern, string directory)
    {
        if (pattern.IsDeep || !IsWithin(pattern.Directory, directory))
            return false; // deeper down are hidden directories
        var below = Path.GetRelativePath(directory, pattern.Directory).Split(Path.DirectorySeparatorChar);
        return below is ["."] || !below[0].Equals("bin", StringComparison.OrdinalIgnoreCase) && !below[0].Equals("obj", StringComparison.OrdinalIgnoreCase) && !Array.Exists(below, part => part.StartsWith('.'));
    }

    /// <summary>Whether a path is a directory, or lies in it.</summary>
    public static bool IsWithin(string path, string directory) => Path.TrimEndingDirectorySeparator(directory) is var top && (path == top || path.StartsWith(top + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    /// <summary>In comments too.</summary>
    [GeneratedRegex(@"\bInclude\s*=\s*(""[^""]*""|'[^']*')", RegexOptions.IgnoreCase)]
    private static partial Regex Including();

    [GeneratedRegex(@"^[^*?]+[/\\]\*\*([/\\]\*(\.\*)?)?$")]
    private static partial Regex WholeDirectory();

    [GeneratedRegex(@"^(?<at>[^*?]+[/\\])?\*\*[/\\](?!\.\.?[/\\])(?<name>[^*?/\\]+)[/\\]\*\*([/\\]\*(\.\*)?)?$")]
    private static partial Regex NamedDirectory();

    /// <summary>Where the properties before it are empty, as under a condition that does not hold, it begins at the root of the disk by no one's will.</summary>
    [GeneratedRegex(@"(?<=^|;)\s*(?<before>(\$\([^()]+\))+)(?=[/\\])[^;]*")]
    private static partial Regex FromNothing();

    [GeneratedRegex(@"\$\(\s*MSBuildThisFile(?<name>Directory|FullPath|Name|Extension|)\s*\)", RegexOptions.IgnoreCase)]
    private static partial Regex OfThisFile();
}

/// <param name="File">That says it.</param>
/// <param name="Include">As it says it, with what properties are.</param>
/// <param name="Pattern">Null when it is not known where it looks.</param>
internal sealed record NamedPattern(string File, string Include, FilePattern? Pattern);
