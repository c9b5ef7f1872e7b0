using WatchReload.Bench.Load;
using WatchReload.Bench.Machine;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Cases;

/// <summary>A peer with its clients. They ping only while it is this one's turn, so that it does not slow the others.</summary>
internal sealed class Turn : IAsyncDisposable
{
    public const int PingsPerConnection = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Before = TimeSpan.FromMilliseconds(200);
    private readonly LoadProcess _load;
    private readonly int _connections;

    private Turn(ILivePeer peer, LoadProcess load, int connections) => (Peer, _load, _connections) = (peer, load, connections);

    public ILivePeer Peer { get; }

    /// <summary>Starts the peer, and connects.</summary>
    public static async Task<Turn> Begin(Workplace workplace, ILivePeer peer, int connections)
    {
        try
        {
            await peer.Start();
            return new(peer, await LoadProcess.Connect(workplace, peer.Endpoint, connections), connections);
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>One edit under load, on a machine that was at rest, from the save until all connections answer with the new code.</summary>
    public Task<Edited> Edit(EditKind kind) => Edit(kind, Processors.AtRest());

    /// <summary>The same so long after the start, whatever is still being made ready.</summary>
    public Task<Edited> Edit(EditKind kind, TimeSpan after) => Edit(kind, Task.Delay(after - Before));

    private async Task<Edited> Edit(EditKind kind, Task ready)
    {
        var answer = Peer.NextAnswer(kind);
        await Peer.Prepare(kind);
        await ready;
        await _load.Load(PingsPerConnection * _connections);
        await Task.Delay(Before);
        var before = await _load.Counts();
        var seek = _load.Seek(answer, within: Patience);
        var saved = Clock.Now;
        await Peer.Edit(kind);
        var returned = Clock.Now;
        var found = await seek;
        if (!found.Complete) throw new BenchException($"{Peer.Name}: not all connections answered with the new code in time after the edit ({kind}).");
        if (found.LastOld < saved) throw new BenchException($"{Peer.Name} answered with the new code before the edit ({kind}): it is not told apart from the old.");
        await Peer.Rest();
        var after = (await _load.Quiesce()).Counts!;
        var longest = await _load.Measure([new(saved, found.Last)]);
        await _load.Forget();
        var lost = after.ConnectionsLost - before.ConnectionsLost;
        return new(Clock.Milliseconds(found.First - saved), Clock.Milliseconds(found.Last - saved), Clock.Milliseconds(returned - saved), Math.Max(longest.Max, Clock.Milliseconds(after.LongestOutage)), lost, after.Faults - before.Faults - lost);
    }

    /// <summary>Something else, on a machine that was at rest but for this peer, who serves the same clients at the same rate as in an edit.</summary>
    public async Task<T> Beside<T>(Func<Task<T>> work)
    {
        await Processors.AtRest();
        await _load.Load(PingsPerConnection * _connections);
        await Task.Delay(Before);
        var result = await work();
        await _load.Quiesce();
        await _load.Forget();
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        await _load.DisposeAsync();
        await Peer.DisposeAsync();
    }
}

/// <param name="FirstMs">From the save until the first connection answered with the new code.</param>
/// <param name="ReturnedMs">Until the edit's own command, such as the push, returned.</param>
/// <param name="LongestMs">The longest that a client waited meanwhile: for a reply, or to be connected and greeted again.</param>
/// <param name="OtherFaults">Beside lost connections.</param>
internal sealed record Edited(double FirstMs, double LastMs, double ReturnedMs, double LongestMs, long ConnectionsLost, long OtherFaults);
