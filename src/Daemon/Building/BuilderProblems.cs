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
    public const string LostCode = "WRB106";
    public const string NotAskedCode = "WRB107";
    public const string AsideCode = "WRB108";

    /// <summary>Of those that run somewhere, so many are named.</summary>
    private const int MostExtensions = 8;

    /// <summary>How systems say that the disk is full, or this user's part of it.</summary>
    private static readonly string[] _full = ["No space left on device", "Disk quota exceeded", "There is not enough space on the disk"];

    public static BuildDiagnostic Crashed(string project, BuildProgress last, int exitCode, string lastWords, string logPath) => Error(
        CrashedCode,
        $"The builder ended with exit code {exitCode}{Signal(exitCode)} in the middle of the build, at {Describe(last)}.{Words(lastWords)}A generator, an analyzer or a task of the build may be the cause; the log is {logPath}. The next build starts a new builder.",
        project);

    /// <summary>It had not ended, and was ended for this.</summary>
    public static BuildDiagnostic Lost(string project, BuildProgress last, string cause, string lastWords, string logPath) => Error(
        LostCode,
        $"The builder gave no answer that can be used, at {Describe(last)}: {cause.TrimEnd('.')}.{Words(lastWords)}It was killed; its log is {logPath}. The next build starts a new builder.",
        project);

    /// <summary>Nothing was sent to it.</summary>
    public static BuildDiagnostic NotAsked(StateException why) => Error(NotAskedCode, $"Nothing was built: {why.Message} {why.Remedy}", null);

    public static BuildDiagnostic Hung(string project, BuildProgress last, TimeSpan silence) => Error(
        HungCode,
        $"The build reported nothing for {silence.TotalSeconds:0.#} s, at {Describe(last)}, and its builder was killed. A generator, an analyzer or a task of the build may hang. The next build starts a new builder.",
        project);

    /// <summary>Nobody waited for what it did; the build at hand is made by another.</summary>
    /// <param name="logPath">Where its log is once that one has started.</param>
    public static BuildDiagnostic EndedAside(string project, int exitCode, string lastWords, string logPath) => Warning(
        AsideCode,
        $"The builder ended with exit code {exitCode}{Signal(exitCode)} while no build was under way; a new one was started for this build.{Words(lastWords)}In idle time, and as a save is noticed, the next build is made ready: a generator or an analyzer that runs there may be the cause. The log is {logPath}.",
        project);

    /// <summary>It was to be replaced anyway.</summary>
    public static BuildDiagnostic EndedTooLarge(string project, int exitCode, string lastWords, string logPath) => Warning(
        AsideCode,
        $"The builder, which used more memory than it may, ended with exit code {exitCode}{Signal(exitCode)} while another was made ready; that one has its place.{Words(lastWords)}The log is {logPath}.",
        project);

    /// <summary>It had to give way to the build at hand, which is made by another.</summary>
    public static BuildDiagnostic HungAside(string project, BuildProgress last, TimeSpan silence) => Warning(
        AsideCode,
        $"What the builder did ahead of the build did not end within {silence.TotalSeconds:0.#} s, at {Describe(last)}, and it was killed; a new one was started for this build. A generator or an analyzer may hang there.",
        project);

    /// <param name="assembly">The builder's.</param>
    /// <param name="cause">Without a full stop.</param>
    /// <param name="user">Who builds, if that is not this process's user: then it is likely that what this one can read is closed to that one.</param>
    /// <param name="said">What it printed; empty: nothing.</param>
    public static BuildDiagnostic NotStarted(string assembly, string cause, BuildUser? user = null, string said = "") => Error(
        NotStartedCode,
        $"The builder ({assembly}) does not start{(user is null ? "" : $" as {user.Name}")}: {cause}.{Words(said)}{NotStartedRemedy(assembly, user, $"{cause}\n{said}")}",
        null);

    private static string NotStartedRemedy(string assembly, BuildUser? user, string why) =>
        _full.Any(words => why.Contains(words, StringComparison.OrdinalIgnoreCase)) ? "Free disk space."
            : user is null ? "Install the WatchReload tool anew, or .NET's runtime if that is missing."
            : $"That user may be unable to run {DotnetHost.Command} or to read the builder, as below /root: let it enter all directories above both (namei -l {DotnetHost.Command} {assembly}), or install them where all can read them.";

    /// <summary>The build could not be another user's, and as this one it must not run.</summary>
    public static BuildDiagnostic UserUnfit(BuildObstacle why) => Error(UserUnfitCode, $"Nothing was built: {why.Cause} {why.Remedy}", null);

    public static BuildDiagnostic Ended(string project) => Error(EndedCode, "The builder was told to stop in the middle of the build.", project);

    /// <summary>Between two sentences; on lines of their own, for what follows would be read as a part of them.</summary>
    private static string Words(string said) => said.Length == 0 ? " " : $" It said:\n{string.Join('\n', said.Split('\n').Select(line => "    " + line))}\n";

    private static string Describe(BuildProgress last) => last.Project is null ? last.Activity : $"{last.Activity} of {Path.GetFileName(last.Project)}{Extensions(last)}";

    private static string Extensions(BuildProgress last) => last.Extensions.Count switch
    {
        0 => "",
        <= MostExtensions => $", which runs {Names(last)}",
        var all => $", which runs {Names(last)} and {all - MostExtensions} more",
    };

    private static string Names(BuildProgress last) => string.Join(", ", last.Extensions.Take(MostExtensions).Select(Path.GetFileName));

    private static string Signal(int exitCode) => !OperatingSystem.IsWindows() && exitCode > 128 ? $" (signal {exitCode - 128})" : "";

    private static BuildDiagnostic Warning(string code, string message, string project) => new(DiagnosticSeverity.Warning, code, message, null, 0, 0, 0, 0, project);

    private static BuildDiagnostic Error(string code, string message, string? project) => new(DiagnosticSeverity.Error, code, message, null, 0, 0, 0, 0, project);
}
