using System.Collections.Concurrent;

namespace WatchReload.Hosting.Kernel;

/// <summary>Counts piped work by version and actor, so that what keeps a version can be named.</summary>
internal sealed class BackgroundWork
{
    private readonly ConcurrentDictionary<(int Version, ActorCell Actor), int> _running = new();

    public int Count => _running.Values.Sum();

    public void Started(ActorCell actor, CodeVersion version) => _running.AddOrUpdate((version.Number, actor), 1, static (_, count) => count + 1);

    public void Ended(ActorCell actor, CodeVersion version)
    {
        var key = (version.Number, actor);
        while (_running.TryGetValue(key, out var count))
        {
            if (count > 1 ? _running.TryUpdate(key, count - 1, count) : _running.TryRemove(new(key, count))) return;
        }
    }

    /// <summary>Actors with work of that version under way.</summary>
    public IReadOnlyList<ActorCell> Of(int version) => [.. _running.Where(work => work.Key.Version == version).Select(work => work.Key.Actor)];
}
