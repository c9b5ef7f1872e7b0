using System.Diagnostics.CodeAnalysis;

namespace WatchReload.Daemon.Building;

/// <summary>Who may ask builders and change which one is there: one at a time. At its end the builder that is there is measured.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore has no handle, and a late caller may still wait for it.")]
internal sealed class BuilderTurn(BuilderSlot slot)
{
    private readonly SemaphoreSlim _free = new(1, 1);

    public bool IsFree => _free.CurrentCount > 0;

    /// <returns>Ends the turn when it is disposed of.</returns>
    public async Task<IDisposable> Take(CancellationToken cancellation = default)
    {
        await _free.WaitAsync(cancellation);
        return new Taken(this);
    }

    private sealed class Taken(BuilderTurn turn) : IDisposable
    {
        private BuilderTurn? _turn = turn;

        public void Dispose() => Interlocked.Exchange(ref _turn, null)?.End();
    }

    private void End()
    {
        slot.Measure();
        _free.Release();
    }
}
