namespace WatchReload.Daemon.Cli.Doctor;

/// <summary>What a check of <c>doctor</c> found; one line of its JSON.</summary>
/// <param name="Check">configuration, sdk, git, state, cookie, pipe, hook, build, node, deploys, limits, disk, clock.</param>
/// <param name="Result">ok, warning (it works, and may not for long), error (it does not work).</param>
/// <param name="Cause">What is.</param>
/// <param name="Remedy">What to do about it; null when there is nothing to do.</param>
internal sealed record Finding(string Check, string Result, string Cause, string? Remedy)
{
    public static Finding Ok(string check, string what) => new(check, "ok", what, null);

    public static Finding Warning(string check, string cause, string remedy) => new(check, "warning", cause, remedy);

    public static Finding Error(string check, string cause, string remedy) => new(check, "error", cause, remedy);
}
