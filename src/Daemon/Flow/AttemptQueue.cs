using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Flow;

/// <summary>Does attempts one after the other; of several that wait for the same, only the newest.</summary>
/// <remarks>
/// Theory of operation. One attempt runs; the others wait in order of arrival. A newcomer takes out those waiting that it overtakes
/// (<see cref="Attempt.Overtakes"/>: those that have nothing left to ask for once it is done, or refused): each is told <c>reload.superseded</c>. If the newcomer's result answers what they asked for as well (a later push contains the earlier
/// one), they go on listening to it and share its verdict: nobody is told of a success or failure that is not theirs, and nobody is left
/// without one. Otherwise being superseded is their verdict. Whoever asked may go away: the work goes on.
/// </remarks>
internal sealed class AttemptQueue(IEventSink all, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _waiting = new();
    private readonly CancellationTokenSource _ending = new();
    private Task _worker = Task.CompletedTask;
    private Entry? _running;
    private bool _working;

    public bool IsBusy
    {
        get
        {
            lock (_lock)
                return _working;
        }
    }

    /// <summary>The verdict. The listener has all events of the attempt; it must not throw.</summary>
    public Task<DaemonEvent> Submit(Attempt attempt, IEventSink? listener = null)
    {
        var entry = new Entry(attempt, all, time);
        var request = new Request(listener);
        entry.Requests.Add(request);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_ending.IsCancellationRequested, this);
            Overtake(entry);
            _waiting.AddLast(entry);
            if (!_working)
            {
                _working = true;
                _worker = Task.Run(Work);
            }
        }

        return request.Verdict.Task;
    }

    /// <summary>Joins the attempt under way: the listener has its events so far, then those to come. The verdict; null when none is under way.</summary>
    public Task<DaemonEvent>? Attach(IEventSink listener)
    {
        lock (_lock)
            return _running?.Join(new Request(listener)).Verdict.Task;
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_ending.IsCancellationRequested)
                return;
            _ending.Cancel();
        }

        await _worker;
        _ending.Dispose();
    }

    private void Overtake(Entry newer)
    {
        for (var node = _waiting.First; node is not null;)
        {
            var (older, next) = (node.Value, node.Next);
            if (newer.Attempt.Overtakes(older.Attempt))
            {
                _waiting.Remove(node);
                var superseded = older.Emit(new ReloadSuperseded(older.Attempt.Order.Cause, newer.Attempt.Order.Cause));
                newer.Instead.AddRange([.. older.Instead, () => older.Attempt.WhenSuperseded((ReloadSuperseded)superseded)]);
                if (newer.Attempt.Answers(older.Attempt))
                    newer.Requests.AddRange(older.Requests);
                else
                    older.Requests.ForEach(r => r.Verdict.SetResult(superseded));
            }

            node = next;
        }
    }

    private async Task Work()
    {
        while (Next() is { } entry)
        {
            try
            {
                foreach (var told in entry.Instead)
                    await told();
                var verdict = await entry.Attempt.Work(entry, _ending.Token);
                Close();
                entry.Requests.ForEach(r => r.Verdict.SetResult(verdict));
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                Close();
                entry.Requests.ForEach(r => r.Verdict.SetCanceled(_ending.Token));
            }
            catch (Exception e)
            {
                Close();
                entry.Requests.ForEach(r => r.Verdict.SetException(e)); // whoever asked tells it; the queue goes on
            }
        }
    }

    /// <summary>From now on nobody joins it.</summary>
    private void Close()
    {
        lock (_lock)
            _running = null;
    }

    private Entry? Next()
    {
        lock (_lock)
        {
            if (_ending.IsCancellationRequested)
            {
                foreach (var request in _waiting.SelectMany(e => e.Requests))
                    request.Verdict.SetCanceled(_ending.Token);
                _waiting.Clear();
            }

            if (_waiting.First is not { } first)
            {
                _working = false;
                return null;
            }

            _waiting.RemoveFirst();
            return _running = first.Value;
        }
    }

    private sealed record Request(IEventSink? Listener)
    {
        public TaskCompletionSource<DaemonEvent> Verdict { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>An attempt and who listens to it; what it emits goes to them and to everybody.</summary>
    private sealed class Entry(Attempt attempt, IEventSink all, TimeProvider time) : IEventSink
    {
        private readonly Lock _telling = new();
        private readonly List<DaemonEvent> _told = [];

        public Attempt Attempt => attempt;
        public List<Request> Requests { get; } = [];

        /// <summary>Tells those that it is done instead of.</summary>
        public List<Func<Task>> Instead { get; } = [];

        public Request Join(Request request)
        {
            lock (_telling)
            {
                _told.ForEach(happened => request.Listener?.Emit(happened));
                Requests.Add(request);
            }

            return request;
        }

        void IEventSink.Emit(DaemonEvent happened) => Emit(happened);

        public DaemonEvent Emit(DaemonEvent happened)
        {
            happened = happened with { Time = time.GetUtcNow().UtcDateTime };
            all.Emit(happened);
            lock (_telling)
            {
                _told.Add(happened);
                foreach (var request in Requests)
                    request.Listener?.Emit(happened);
            }

            return happened;
        }
    }
}
