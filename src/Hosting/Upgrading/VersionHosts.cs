using Microsoft.Extensions.Hosting;

namespace WatchReload.Hosting.Upgrading;

/// <summary>A version's hosted services between their start and their stop: these very objects, as its container may make others of each.</summary>
internal sealed class VersionHosts
{
    private readonly Lock _turning = new();
    private readonly SortedDictionary<int, IHostedService> _begun = [];
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _starting = Task.CompletedTask;
    private CancellationTokenSource? _startBy;
    private CancellationTokenSource? _stopping;

    /// <summary>Their stop has begun.</summary>
    public bool HaveEnded
    {
        get
        {
            lock (_turning) return _stopping is not null;
        }
    }

    /// <summary>It is about to be started, or further so, and will be stopped. Null: the stop has begun, and it must not be started any more.</summary>
    /// <param name="place">In the order in which they were declared.</param>
    /// <param name="service">To be started.</param>
    /// <param name="deadline">Of the call; the stop of all cancels it.</param>
    /// <returns>Disposed of when the call has ended, or is waited for no more.</returns>
    public IDisposable? Begin(int place, IHostedService service, CancellationTokenSource deadline)
    {
        lock (_turning)
        {
            if (_stopping is not null) return null;
            _begun[place] = service;
            var starting = new Starting();
            (_starting, _startBy) = (starting.Ended, deadline);
            return starting;
        }
    }

    /// <summary>From now on none is started; whoever is first here stops those that have begun, and the others wait for that.</summary>
    /// <param name="stopping">Cancelled when they should have ended.</param>
    /// <returns>Those to be stopped, in the order in which they were declared, and the start of one that is under way; null: they are being stopped, or have been.</returns>
    public (IReadOnlyList<IHostedService> Begun, Task Starting)? End(CancellationTokenSource stopping)
    {
        lock (_turning)
        {
            if (_stopping is not null) return null;
            _stopping = stopping;
            IReadOnlyList<IHostedService> begun = [.. _begun.Values];
            _begun.Clear();
            if (!_starting.IsCompleted) Cancel(_startBy);
            return (begun, _starting);
        }
    }

    /// <summary>By whoever stopped them: that is over.</summary>
    public void HaveStopped() => _stopped.TrySetResult();

    /// <summary>For whoever came second: the stop that is under way, if any.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Whoever came second has less time.</summary>
    public void Hurry() => Cancel(_stopping);

    /// <summary>Services' own code runs then, which may take its time.</summary>
    private static void Cancel(CancellationTokenSource? deadline)
    {
        try
        {
            _ = deadline?.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The call has just ended.
        }
    }

    private sealed class Starting : IDisposable
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        public void Dispose() => _ended.TrySetResult();
    }
}
