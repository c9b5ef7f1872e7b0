namespace WatchReload.Daemon.Git;

/// <summary>The command-line git: no prompts, no optional locks, C locale, every call with a deadline.</summary>
internal sealed class GitCommand(TimeProvider time, string executable = "git")
{
    public TimeProvider Time => time;
    public string Executable => executable;
}
