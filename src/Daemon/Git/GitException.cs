namespace WatchReload.Daemon.Git;

/// <summary>Git failed at something that cannot fail in a sound checkout. What was asked was a question: nothing has changed.</summary>
internal sealed class GitException(Refusal why) : Exception($"{why.Cause} {why.Remedy}")
{
    public Refusal Why => why;
}
