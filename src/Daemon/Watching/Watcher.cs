using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Watching;

/// <summary>Watches one tree and hands on settled change sets, one at a time.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    /// <summary>Starts to watch and takes stock of the tree: what changes after this returns is reported.</summary>
    /// <param name="settings">What to watch.</param>
    /// <param name="busyWith">What git is in the middle of, or null: changes wait for it to end.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where what is wrong with the file system is told.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<Watcher> Start(WatchSettings settings, Func<string?> busyWith, TimeProvider time, ILogger<Watcher> log, CancellationToken cancellation) =>
        throw new NotImplementedException();

    /// <summary>The change sets, in order. What happens while the consumer builds is in the next one. One consumer.</summary>
    public IAsyncEnumerable<ChangeSet> Changes(CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>After each build: from now on what evaluation named counts, and files that it has not seen yet.</summary>
    public void Adopt(BuildInputs inputs) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
