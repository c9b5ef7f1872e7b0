namespace WatchReload.Tests;

/// <summary>A clock that a test moves. Timers run on the thread that advances it, in the order in which they are due.</summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private readonly List<(Func<TimeSpan, bool> Is, TaskCompletionSource Armed)> _waiting = [];
    private long _ticks;
    private long _wall = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_gate)
            return _ticks;
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return new DateTimeOffset(_wall, TimeSpan.Zero);
    }

    /// <summary>Lets time pass, timer by timer.</summary>
    public void Advance(TimeSpan by)
    {
        long end;
        lock (_gate)
            end = _ticks + by.Ticks;
        while (true)
        {
            FakeTimer? due;
            lock (_gate)
            {
                due = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
                var now = due is null ? end : Math.Max(_ticks, due.Due);
                _wall += now - _ticks;
                _ticks = now;
                due?.Next();
            }
            if (due is null)
                return;
            due.Run();
        }
    }

    /// <summary>Sets the clock on the wall alone.</summary>
    public void Jump(TimeSpan by)
    {
        lock (_gate)
            _wall += by.Ticks;
    }

    public void SetUtcNow(DateTimeOffset now)
    {
        lock (_gate)
            _wall = now.UtcTicks;
    }

    /// <summary>Completes when a timer is due after exactly that long, from now on or already.</summary>
    public Task Armed(TimeSpan due) => Armed(left => left == due);

    public Task Armed(Func<TimeSpan, bool> due)
    {
        lock (_gate)
        {
            return _timers.Any(timer => due(TimeSpan.FromTicks(timer.Due - _ticks))) ? Task.CompletedTask : Next(due);
        }
    }

    /// <summary>Lets so long pass as something waits for, whenever it is one of these times, until the task has ended. A wait before it may not have been cleared away yet.</summary>
    public async Task<T> PassUntil<T>(Task<T> ended, params IReadOnlyList<TimeSpan> dues)
    {
        while (true)
        {
            Task[] armed = [.. dues.Select(Armed)];
            var first = await Task.WhenAny([ended, .. armed]);
            if (first == ended) return await ended;
            Advance(dues[Array.IndexOf(armed, first)]);
        }
    }

    /// <summary>Completes when another timer is set to be due after exactly that long, whatever is armed already.</summary>
    public Task ArmedAnew(TimeSpan due)
    {
        lock (_gate)
            return Next(left => left == due);
    }

    /// <summary>Called with the gate held.</summary>
    private Task Next(Func<TimeSpan, bool> due)
    {
        var armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add((due, armed));
        return armed.Task;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class FakeTimer(FakeTime time, Action run) : ITimer
    {
        private TimeSpan _period;

        public long Due { get; private set; }

        public void Run() => run();

        /// <summary>Called with the gate held.</summary>
        public void Next()
        {
            if (_period > TimeSpan.Zero)
                Due += _period.Ticks;
            else
                time._timers.Remove(this);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                if (dueTime < TimeSpan.Zero)
                    return true;
                _period = period;
                Due = time._ticks + dueTime.Ticks;
                time._timers.Add(this);
                foreach (var (_, armed) in time._waiting.Where(waiting => waiting.Is(dueTime)))
                    armed.TrySetResult();
                time._waiting.RemoveAll(waiting => waiting.Armed.Task.IsCompleted);
            }
            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
