namespace WatchReload.Daemon.Cli.Verbs;

/// <param name="Serving">Nodes that run it.</param>
/// <param name="Current">Nodes that start on it.</param>
/// <param name="Trial">Nodes that have it on trial.</param>
/// <param name="Bad">Its content failed on trial.</param>
internal sealed record ReleaseAnswer(
    string Id,
    DateTimeOffset Time,
    string? Commit,
    bool Clean,
    string Lane,
    string Configuration,
    string? By,
    string ContentHash,
    string SourceHash,
    IReadOnlyList<string> Serving,
    IReadOnlyList<string> Current,
    IReadOnlyList<string> Trial,
    bool Bad);
