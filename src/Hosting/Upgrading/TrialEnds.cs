using System.Runtime.CompilerServices;
using System.Threading.Channels;
using WatchReload.Control;

namespace WatchReload.Hosting.Upgrading;

/// <summary>How trials ended. The latest are kept for whoever asks later, such as a daemon that was away; each is told to whoever follows.</summary>
internal sealed class TrialEnds(ReloadStatistics statistics)
{
    private const int MostKept = 16;
    private readonly Lock _lock = new();
    private readonly Queue<TrialEnd> _latest = new();
    private readonly HashSet<ChannelWriter<TrialEnd>> _followers = [];
    private bool _complete;

    public TrialEnd? Last
    {
        get
        {
            lock (_lock) return _latest.LastOrDefault();
        }
    }

    public void Add(TrialEnd end)
    {
        statistics.Add(end.Outcome);
        lock (_lock)
        {
            _latest.Enqueue(end);
            if (_latest.Count > MostKept) _latest.Dequeue();
            foreach (var follower in _followers) follower.TryWrite(end);
        }
    }

    /// <summary>The node stops: no more will end, and nobody needs to wait.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _complete = true;
            foreach (var follower in _followers) follower.TryComplete();
        }
    }

    /// <summary>The latest, then each as it ends, until <see cref="Complete"/>.</summary>
    public async IAsyncEnumerable<TrialEnd> Follow([EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateUnbounded<TrialEnd>(new UnboundedChannelOptions { SingleReader = true });
        lock (_lock)
        {
            foreach (var end in _latest) channel.Writer.TryWrite(end);
            if (_complete) channel.Writer.Complete();
            else _followers.Add(channel.Writer);
        }

        try
        {
            await foreach (var end in channel.Reader.ReadAllAsync(cancellation)) yield return end;
        }
        finally
        {
            lock (_lock) _followers.Remove(channel.Writer);
        }
    }
}
