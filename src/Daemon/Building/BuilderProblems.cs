using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>What can go wrong with the builder itself, as diagnostics.</summary>
internal static class BuilderProblems
{
    public const string CrashedCode = "WRB101";
    public const string HungCode = "WRB102";
    public const string NotStartedCode = "WRB103";
    public const string EndedCode = "WRB104";
    public const string UserUnfitCode = "WRB105";

    public static BuildDiagnostic Crashed(string project, BuildProgress last, int? exitCode, string lastWords, string logPath)
    {
        var code = exitCode is { } known ? $" with exit code {known}{Signal(known)}" : "";
        var words = lastWords.Length == 0 ? "" : $" It said: {lastWords}";
        return Error(CrashedCode, $"The builder ended{code} in the middle of the build, at {Describe(last)}.{words} A generator, an analyzer or a task of the build may be the cause; the log is {logPath}. The next build starts a new builder.", project);
    }

    public static BuildDiagnostic Hung(string project, BuildProgress last, TimeSpan silence) => Error(
        HungCode,
        $"The build reported nothing for {silence.TotalSeconds:0.#} s, at {Describe(last)}, and its builder was killed. A generator, an analyzer or a task of the build may hang. The next build starts a new builder.",
        project);

    public static BuildDiagnostic NotStarted(string assembly, string cause) =>
        Error(NotStartedCode, $"The builder ({assembly}) does not start: {cause}. Install the WatchReload tool anew, or .NET's runtime if that is missing.", null);

    /// <summary>The build could not be another user's, and as this one it must not run.</summary>
    public static BuildDiagnostic UserUnfit(BuildObstacle why) => Error(UserUnfitCode, $"Nothing was built: {why.Cause} {why.Remedy}", null);

    public static BuildDiagnostic Ended(string project) => Error(EndedCode, "The builder was told to stop in the middle of the build.", project);

    private static string Describe(BuildProgress last) => last.Project is null ? last.Activity : $"{last.Activity} of {Path.GetFileName(last.Project)}";

    private static string Signal(int exitCode) => !OperatingSystem.IsWindows() && exitCode > 128 ? $" (signal {exitCode - 128})" : "";

    private static BuildDiagnostic Error(string code, string message, string? project) => new(DiagnosticSeverity.Error, code, message, null, 0, 0, 0, 0, project);
}
