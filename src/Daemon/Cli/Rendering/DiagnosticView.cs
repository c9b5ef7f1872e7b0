using System.Globalization;
using Spectre.Console;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Cli.Rendering;

/// <summary>A compiler's message as the compiler prints it, and below it the line of source with what it means underlined.</summary>
internal static class DiagnosticView
{
    private const int LongestSource = 200;

    public static void Write(Screen screen, EventDiagnostic diagnostic, string directory, bool source)
    {
        var colour = diagnostic.Severity == "error" ? "red" : "yellow";
        var code = diagnostic.Code.Length == 0 ? "" : " " + diagnostic.Code;
        screen.Line($"{Markup.Escape(Place(diagnostic, directory))}[{colour}]{diagnostic.Severity}{Markup.Escape(code)}[/]: {Markup.Escape(diagnostic.Message)}");
        if (source && Source(diagnostic) is { } line)
            Excerpt(screen, diagnostic, line, colour);
    }

    private static string Place(EventDiagnostic d, string directory)
    {
        if (d.File is null)
            return d.Project is null ? "" : $"{Path.GetFileName(d.Project)}: ";
        var relative = Path.GetRelativePath(directory, d.File);
        var file = relative.StartsWith("..", StringComparison.Ordinal) ? d.File : relative;
        return d.Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{file}({d.Line},{d.Column}): ") : $"{file}: ";
    }

    private static void Excerpt(Screen screen, EventDiagnostic d, string line, string colour)
    {
        var number = d.Line.ToString(CultureInfo.InvariantCulture).PadLeft(6);
        screen.Line($"[grey]{number} |[/] {Markup.Escape(line)}");
        if (d.Column < 1 || d.Column > line.Length + 1)
            return;
        // Tabs stay tabs, so that the caret stands below its character however wide they are shown.
        var indent = new string([.. line[..(d.Column - 1)].Select(c => c == '\t' ? '\t' : ' ')]);
        var end = d.EndLine == d.Line ? Math.Clamp(d.EndColumn, d.Column + 1, line.Length + 1) : d.Column + 1;
        screen.Line($"[grey]       |[/] {indent}[{colour}]^{new string('~', Math.Max(0, end - d.Column - 1))}[/]");
    }

    private static string? Source(EventDiagnostic d)
    {
        if (d.File is null || d.Line < 1)
            return null;
        try
        {
            var line = File.ReadLines(d.File).Skip(d.Line - 1).FirstOrDefault();
            return line is null || line.Length > LongestSource ? null : line;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // gone meanwhile: the message stands without it
        }
    }
}
