namespace WatchReload.Daemon.Git;

/// <summary>Why something was not done, and what to do about it; sentences both.</summary>
internal sealed record Refusal
{
    public Refusal(string cause, string remedy) => (Cause, Remedy) = (Sentence(cause), Sentence(remedy));

    public string Cause { get; }
    public string Remedy { get; }

    private static string Sentence(string text) => text.Length == 0 || text[^1] is '.' or '?' or '!' ? text : text + ".";
}
