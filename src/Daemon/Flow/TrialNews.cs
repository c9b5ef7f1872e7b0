using WatchReload.Control;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Flow;

/// <summary>Tells of a trial that a version did not pass, and writes it to the history; once, though nodes tell of the same one again.</summary>
internal sealed class TrialNews(ReleaseStore releases, Record record, IEventSink events) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);

    public async Task Tell(string node, TrialEnd end)
    {
        if (end.Outcome == TrialOutcome.Passed)
            return;
        await _one.WaitAsync(); // who starts the node tells of it too
        try
        {
            if (record.Has(node, end))
                return;
            var time = end.Time.UtcDateTime;
            DaemonEvent happened = end.Outcome == TrialOutcome.TakenBack
                ? new ReloadRefused(node, end.Serves, end.Release, end.Problems) { TakenBack = true, Died = end.Version == 0, Time = time }
                : new TrialFailed(node, end.Version, end.Release, end.Problems) { Time = time };
            await record.Append(node, end, releases.Find(end.Release).Release, happened); // first: whoever hears of it finds it there
            events.Emit(happened);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
