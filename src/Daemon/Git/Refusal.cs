namespace WatchReload.Daemon.Git;

/// <summary>Why something was not done, and what to do about it.</summary>
internal sealed record Refusal(string Cause, string Remedy);
