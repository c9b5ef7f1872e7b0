namespace WatchReload.Hosting.Kernel;

/// <summary>
/// Makes the next states of late actors, on threads of its own: the thread pool has the turns of all others to run, and code of a service that never returns would
/// take a thread of it for good.
/// </summary>
/// <remarks>
/// Theory of operation. There are as many seats as processors, two at least, and a thread for each seat that is taken. A thread that has been at one state for longer than
/// <see cref="Patience"/> steps aside and gives its seat to the next, unless so many are aside already that they would only slow each other down; when it comes back it takes a
/// seat that is free, or goes. After <see cref="Deadline"/> the state is given up, and its actor goes
/// on without: it is parked, or tried again if another version has become current. A thread that never comes back is lost, and nothing waits for it or counts it.
/// What can never happen: a state that waits behind one that hangs for longer than the deadline; threads without bound for states that only take long.
/// </remarks>
internal sealed class LateStates(ActorKernel kernel)
{
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private const int AsideForEachSeat = 4;
    private static readonly int Seats = Math.Max(2, Environment.ProcessorCount);
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private readonly Queue<LateState> _waiting = new();
    private int _free = Seats;
    private int _aside;

    public void Add(LateState state)
    {
        lock (_waiting)
        {
            if (_free == 0)
            {
                _waiting.Enqueue(state);
                return;
            }

            _free--;
        }

        Start(state);
    }

    /// <summary>With a seat.</summary>
    private void Start(LateState state)
    {
        try
        {
            var worker = new Worker(this, kernel);
            _ = OwnThreads.Run(() => worker.Work(state));
        }
        catch (Exception cause)
        {
            // No thread is to be had. What waits has no better chance.
            for (LateState? next = state; next is not null; next = Next()) next.Fail(cause);
        }
    }

    /// <summary>The next for the caller's seat, or null: then that is free.</summary>
    private LateState? Next()
    {
        lock (_waiting)
        {
            if (_waiting.TryDequeue(out var next)) return next;
            _free++;
            return null;
        }
    }

    private bool TakeSeat()
    {
        lock (_waiting)
        {
            if (_free == 0) return false;
            _free--;
            return true;
        }
    }

    private bool TryStepAside()
    {
        lock (_waiting)
        {
            if (_aside == AsideForEachSeat * Seats) return false;
            _aside++;
            return true;
        }
    }

    /// <summary>It has come back, or is lost.</summary>
    private void IsAsideNoMore()
    {
        lock (_waiting) _aside--;
    }

    /// <summary>One thread, and the timer that watches it.</summary>
    private sealed class Worker
    {
        private readonly Lock _gate = new();
        private readonly ActorKernel _kernel;
        private readonly LateStates _all;
        private readonly ITimer _timer;
        private LateState? _state;
        private long _began;
        private bool _isSeated = true;
        private bool _isAside;

        public Worker(LateStates all, ActorKernel kernel)
        {
            (_all, _kernel) = (all, kernel);
            _timer = kernel.StartTimer(static worker => ((Worker)worker!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void Work(LateState first)
        {
            using (_timer)
            {
                for (LateState? state = first; state is not null; state = KeepsSeat() ? _all.Next() : null)
                {
                    Begin(state);
                    state.Make();
                }
            }
        }

        private void Begin(LateState state)
        {
            lock (_gate)
            {
                (_state, _began) = (state, _kernel.Time.GetTimestamp());
                Arm(Patience);
            }
        }

        /// <summary>When a state has ended: whether the thread may go on to another.</summary>
        private bool KeepsSeat()
        {
            lock (_gate)
            {
                _state = null;
                ComeBack();
                return _isSeated = _isSeated || _all.TakeSeat();
            }
        }

        private void Look()
        {
            LateState? hung = null;
            bool handsOn;
            lock (_gate)
            {
                // It may have come late, for a state that has ended.
                if (_state is null) return;
                var taken = _kernel.Time.GetElapsedTime(_began);
                if (taken < Patience)
                {
                    Arm(Patience - taken);
                    return;
                }

                if (taken < Deadline)
                {
                    handsOn = _isSeated && (_isAside = _all.TryStepAside());
                    // Others may have come back by then.
                    Arm(_isSeated && !handsOn && Deadline - taken > Patience ? Patience : Deadline - taken);
                }
                else
                {
                    ComeBack();
                    (hung, handsOn) = (_state, _isSeated);
                }

                if (handsOn) _isSeated = false;
            }

            hung?.GiveUp(Deadline);
            if (handsOn && _all.Next() is { } next) _all.Start(next);
        }

        private void ComeBack()
        {
            if (_isAside) _all.IsAsideNoMore();
            _isAside = false;
        }

        private void Arm(TimeSpan due) => _timer.Change(due < Least ? Least : due, Timeout.InfiniteTimeSpan);
    }
}
