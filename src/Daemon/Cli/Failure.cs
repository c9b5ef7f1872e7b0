namespace WatchReload.Daemon.Cli;

/// <summary>Why a verb cannot do its work, for a person: the causes with their remedies, a line each.</summary>
internal sealed record Failure(int ExitCode, IReadOnlyList<string> Lines)
{
    public Failure(int exitCode, string cause, string remedy)
        : this(exitCode, [cause, remedy])
    {
    }
}
