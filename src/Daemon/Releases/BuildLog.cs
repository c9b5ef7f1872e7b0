using System.Globalization;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>How a release was built, for people: <c>releases/ID.log</c>. Beside the release, not in it, for it is no part of what a node loads.</summary>
internal static class BuildLog
{
    public static void Write(StateDirectory state, ReleaseManifest manifest, BuildOutcome build, ILogger log)
    {
        string[] lines =
        [
            string.Create(CultureInfo.InvariantCulture, $"{manifest.Time:O} {manifest.Id} lane {manifest.Lane}, {build.Milliseconds:0} ms{(build.LaneReason is { } why ? $", because {why}" : "")}"),
            $"commit {manifest.Commit ?? "none"}{(manifest.Clean ? "" : " and changes")}, configuration {manifest.Configuration}, SDK {manifest.Sdk}",
            .. build.Diagnostics.Select(Line),
        ];
        var path = state.ReleaseLog(manifest.Id);
        // Its lines have paths and pieces of the source; the directory may have been there before, open to readers.
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var file = new StreamWriter(path, options);
            foreach (var line in lines)
                file.WriteLine(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.BuildLogNotWritten(path, e.Message); // the release stands without it
        }
    }

    private static string Line(BuildDiagnostic it) => string.Create(
        CultureInfo.InvariantCulture,
        $"{it.File ?? it.Project ?? "build"}{(it.Line > 0 ? $"({it.Line},{it.Column})" : "")}: {(it.Severity == DiagnosticSeverity.Error ? "error" : "warning")} {it.Code}: {it.Message}");
}
