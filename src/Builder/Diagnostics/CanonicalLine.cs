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
        var place = Place().Match(match.Groups["origin"].Value);
        var file = Text(place, "file");
        var project = Text(match, "project") ?? (IsProject(file) ? file : null);
        return new BuildDiagnostic(severity, match.Groups["code"].Value, match.Groups["text"].Value, file, Number(place, "line"), Number(place, "column"), 0, 0, project);
    }

    private static bool IsProject(string? file) => file is not null && Path.GetExtension(file).EndsWith("proj", StringComparison.OrdinalIgnoreCase);

    private static string? Text(Match match, string group) => match.Groups[group] is { Success: true, Length: > 0 } found ? found.Value : null;

    private static int Number(Match match, string group) => int.TryParse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"^(?:(?<origin>.*?)\s*:\s)?\s*(?<severity>error|warning) (?<code>[A-Za-z]+[0-9]+)\s?: (?<text>.*?)(?:\s\[(?<project>[^\[\]]+?proj)(?:::[^\]]*)?\])?$")]
    private static partial Regex Pattern();

    [GeneratedRegex(@"^\s*(?<file>.*?)(?:\((?<line>[0-9]+)(?:,(?<column>[0-9]+))?[^)]*\))?$")]
    private static partial Regex Place();
}
