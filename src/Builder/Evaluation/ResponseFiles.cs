using System.Text;

namespace WatchReload.Builder.Evaluation;

/// <summary>
/// The response files that the command line of MSBuild takes up by itself: Directory.Build.rsp, the nearest at or above the project, and MSBuild.rsp beside it. Properties
/// count here as they do there. Switches that only say how a build is done or told are passed over; one that would make something else of it is not for this builder.
/// </summary>
/// <param name="Paths">Absolute paths of those that are there.</param>
/// <param name="Properties">Global ones; a later file wins.</param>
/// <param name="Refused">The first switch that cannot be honoured, and the file that has it; null when there is none.</param>
internal sealed record ResponseFiles(IReadOnlyList<string> Paths, IReadOnlyDictionary<string, string> Properties, (string File, string Switch)? Refused)
{
    private const string OfDirectory = "Directory.Build.rsp";
    private const string OfProject = "MSBuild.rsp";
    private const string ThisDirectory = "%MSBuildThisFileDirectory%";

    /// <summary>Names of switches in all their forms.</summary>
    private static readonly HashSet<string> PropertySwitches = new(StringComparer.OrdinalIgnoreCase) { "p", "property" };
    private static readonly HashSet<string> PassedOver = new(StringComparer.OrdinalIgnoreCase)
    {
        "m", "maxcpucount", "nr", "nodereuse", "v", "verbosity", "nologo", "noconlog", "noconsolelogger", "clp", "consoleloggerparameters", "l", "logger", "dl", "distributedlogger", "fl", "filelogger",
        "flp", "fileloggerparameters", "bl", "binarylogger", "tl", "terminallogger", "tlp", "terminalloggerparameters", "ds", "detailedsummary", "low", "lowpriority", "r", "restore", "interactive",
        "graph", "graphbuild", "profileevaluation",
    };

    /// <summary>Of a project that is built by its path.</summary>
    public static ResponseFiles Of(string project)
    {
        var paths = new[] { Above(Path.GetDirectoryName(project)!), Path.Combine(Path.GetDirectoryName(project)!, OfProject) }.OfType<string>().Where(File.Exists).ToList();
        var properties = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        (string, string)? refused = null;
        foreach (var path in paths)
            foreach (var word in Words(path))
                if (!Take(word, properties))
                    refused ??= (path, word);
        return new ResponseFiles(paths, properties, refused);
    }

    private static string? Above(string directory)
    {
        for (var at = directory; at is not null; at = Path.GetDirectoryName(at))
            if (Path.Combine(at, OfDirectory) is var path && File.Exists(path))
                return path;
        return null;
    }

    private static bool Take(string word, Dictionary<string, string> properties)
    {
        if (word[0] is not ('-' or '/'))
            return false;
        var (name, value) = word.TrimStart('-', '/').Split(':', 2) is [var before, var after] ? (before, after) : (word.TrimStart('-', '/'), "");
        if (PassedOver.Contains(name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9')))
            return true;
        if (!PropertySwitches.Contains(name))
            return false;
        foreach (var property in Split(value, ';', ',').Select(property => property.Split('=', 2)))
        {
            if (property is not [var key, var text] || key.Trim().Length == 0)
                return false;
            properties[key.Trim()] = Uri.UnescapeDataString(Unquoted(text));
        }
        return true;
    }

    /// <summary>A word a switch; lines that begin with # are comments.</summary>
    private static IEnumerable<string> Words(string path) => Lines(path)
        .Select(line => line.Trim())
        .Where(line => line.Length > 0 && line[0] != '#')
        .SelectMany(line => Split(Environment.ExpandEnvironmentVariables(line.Replace(ThisDirectory, Path.GetDirectoryName(path) + Path.DirectorySeparatorChar, StringComparison.OrdinalIgnoreCase)), ' ', '\t'))
        .Select(word => word.StartsWith('"') ? Unquoted(word) : word)
        .Where(word => word.Length > 0);

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // went away, or is another's: the next build reads it again, as it is another then
        }
    }

    /// <summary>At separators outside of quotes.</summary>
    private static IEnumerable<string> Split(string text, params char[] separators)
    {
        var (part, isQuoted) = (new StringBuilder(), false);
        foreach (var letter in text)
        {
            isQuoted ^= letter == '"';
            if (isQuoted || !separators.Contains(letter))
            {
                part.Append(letter);
                continue;
            }
            if (part.Length > 0)
                yield return part.ToString();
            part.Clear();
        }
        if (part.Length > 0)
            yield return part.ToString();
    }

    private static string Unquoted(string text) => text.Replace("\"", "", StringComparison.Ordinal);
}
