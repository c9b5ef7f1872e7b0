using System.Text;

namespace WatchReload.Daemon.Git;

/// <summary>One call of git.</summary>
/// <param name="Directory">Where.</param>
/// <param name="Arguments">Without the program.</param>
internal sealed record GitCall(string Directory, IReadOnlyList<string> Arguments)
{
    public TimeSpan Deadline { get; init; } = GitCommand.Local;

    /// <summary>For its standard input.</summary>
    public string Input { get; init; } = "";

    /// <summary>It goes on when Ctrl-C is pressed, and whatever else is sent to the whole group of processes.</summary>
    public bool Apart { get; init; }

    /// <summary>Latin-1 keeps every byte as it is.</summary>
    public Encoding Output { get; init; } = Encoding.UTF8;

    /// <summary>Set for this call, over what all calls have.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
