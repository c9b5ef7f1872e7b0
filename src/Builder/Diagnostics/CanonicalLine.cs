using System.Globalization;
using System.Text.RegularExpressions;
using WatchReload.Control;

namespace WatchReload.Builder.Diagnostics;

/// <summary>A diagnostic as MSBuild prints it: <c>origin(line,column): error CODE: text [project]</c>.</summary>
internal static partial class CanonicalLine
{
    public static BuildDiagnostic? Parse(string line)
    {
        var match = Pattern().Match(line);
        if (!match.Success)
            return null;
        var severity = match.Groups["severity"].Value == "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
        var file = Text(match, "file");
        var project = Text(match, "project");
        return new BuildDiagnostic(severity, match.Groups["code"].Value, match.Groups["text"].Value, file, Number(match, "line"), Number(match, "column"), 0, 0, project ?? (IsProject(file) ? file : null));
    }

    private static bool IsProject(string? file) => file is not null && Path.GetExtension(file).EndsWith("proj", StringComparison.OrdinalIgnoreCase);

    private static string? Text(Match match, string group) => match.Groups[group] is { Success: true, Length: > 0 } found ? found.Value : null;

    private static int Number(Match match, string group) => int.TryParse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"^\s*(?:\d+>)?(?<file>[^\s:][^:]*(?::[\\/][^:]*)?|)(?<=\S|^)\s*:?\s*(?<severity>error|warning) (?<code>[A-Za-z]+\d+)\s?:\s?(?<text>.*?)(?:\s\[(?<project>[^\[\]]+?proj)(?:::[^\]]*)?\])?\s*$")]
    private static partial Regex Pattern();
}
