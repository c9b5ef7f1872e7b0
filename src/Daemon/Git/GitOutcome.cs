namespace WatchReload.Daemon.Git;

internal enum GitEnd
{
    Exited,

    /// <summary>There is no git to run.</summary>
    NotStarted,
    TimedOut,
}

/// <summary>What one call of git came to.</summary>
internal sealed record GitOutcome(GitEnd End, int ExitCode, string Output, string Error)
{
    public bool Ok => End == GitEnd.Exited && ExitCode == 0;

    /// <summary>The output without the end of its last line.</summary>
    public string Line => Output.TrimEnd('\n', '\r');

    /// <summary>The fields of an output that was asked for with <c>-z</c>.</summary>
    public string[] Fields => Output.TrimEnd('\n').Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
