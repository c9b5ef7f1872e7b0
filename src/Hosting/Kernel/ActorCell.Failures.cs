using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>What happens when a turn throws.</summary>
internal sealed partial class ActorCell
{
    /// <summary>Why the actor is parked, and since when; null when it is not.</summary>
    public (string Reason, DateTimeOffset Since)? ParkedNotice => IsParked ? _extras?.Parked : null;

    private void Failed(in Turn turn, Exception cause)
    {
        if (turn.Kind == TurnKind.Stopping)
        {
            KernelLog.StoppingFailed(Kernel.Logger, cause, ToString(), _binding.Name);
            return;
        }

        var what = turn.Kind == TurnKind.Message ? SourceNames.Short(turn.Payload!.GetType()) : turn.Kind.ToString();
        Kernel.TurnFailed(this, _binding.Version, cause, what, turn.Client);
        turn.Asker?.TryFail(new AskException(AskFailure.TurnFailed, $"{this} failed on the request: {Described(cause)}"));
        if (turn.Kind == TurnKind.Message) Kernel.DeadLetters.Add(this, turn.Payload!, "its turn failed");

        var options = Kernel.Current.FailureOptions(Role);
        var failures = Extras.Failures ??= new Queue<long>();
        while (failures.TryPeek(out var oldest) && Kernel.Time.GetElapsedTime(oldest) > options.Within) failures.Dequeue();
        failures.Enqueue(Kernel.Time.GetTimestamp());
        if (failures.Count <= options.Max) return;

        var isOnTrial = Kernel.OnTrial;
        var policy = isOnTrial ? FailurePolicy.Park : options.Policy;
        if (policy == FailurePolicy.Restart && Role.Kind != ActorKind.Named) policy = FailurePolicy.Stop;
        KernelLog.FailedTooOften(Kernel.Logger, ToString(), _binding.Name, failures.Count, options.Within, policy switch
        {
            FailurePolicy.Park => "parked",
            FailurePolicy.Restart => "restarted from its first state",
            FailurePolicy.Stop => "stopped",
            _ => "the end of the node",
        });
        failures.Clear();
        if (isOnTrial && options.Policy != FailurePolicy.Park) Park("it failed too often, and the version is on trial", untilTrialEnds: true);
        else Apply(policy);
    }

    /// <summary>The trial has ended, and the version stays: what it alone has parked goes on, with its own policy from now on.</summary>
    public void TrialEnded()
    {
        if (IsParked && _extras is { ParkedUntilTrialEnds: true }) Resume();
    }

    private void Apply(FailurePolicy policy)
    {
        switch (policy)
        {
            case FailurePolicy.Restart:
                _extras?.Timers?.StopAll();
                _state = null;
                _start = StartReason.Restarted;
                break;
            case FailurePolicy.Stop:
                Interlocked.CompareExchange(ref _stopRequested, (int)StopReason.Failed + 1, 0);
                break;
            case FailurePolicy.ExitNode:
                KernelLog.ExitNode(Kernel.Logger, ToString(), _binding.Name);
                Kernel.RequestExit();
                Park("it failed too often, and the node is ending");
                break;
            default:
                Park("it failed too often");
                break;
        }
    }

    /// <summary>Makes the first state where there is none: of a new connection, or after a restart. False: that failed, and the actor is parked or stopping.</summary>
    private bool EnsureState()
    {
        if (_state is not null) return true;
        try
        {
            _state = Role.Kind == ActorKind.Connection
                ? _binding.Version.FirstState(Role.Name!, Inlet!.Connection)
                : _binding.Version.FirstState(Role.Name!);
            _turns++;
            Kernel.Session?.Touched(this);
            return true;
        }
        catch (Exception cause)
        {
            Kernel.TurnFailed(this, _binding.Version, cause, "its first state", null);
            if (Role.Kind == ActorKind.Connection) Interlocked.CompareExchange(ref _stopRequested, (int)StopReason.Failed + 1, 0);
            else Park("its first state could not be made");
            return false;
        }
    }

    /// <summary>Whose connection it is, or for whose it was spawned, while that is open. Null: nobody's.</summary>
    public Client? OwnClient => Inlet?.Client ?? (Role.Client is { } client && Kernel.Find(new ActorId(client.Connection)) is not null ? client.In(Kernel.Sessions) : null);

    /// <summary>The same, or for whose it was spawned since the reload is prepared, whether that is still open or not: a client that opens a connection and closes it at once has caused what starts and ends with it.</summary>
    private Client? FirstClient => OwnClient ?? Kernel.Known(Role.Client);

    /// <summary>On whose behalf its end is; null when nobody needs to know.</summary>
    private Client? EndsFor => Kernel.FollowsClients ? Kernel.Known(_extras?.StoppedBy) ?? FirstClient : null;

    private bool HasClient => Inlet is not null || Role.Client is not null;

    /// <summary>An exception of the service may throw when it is asked for its text.</summary>
    private static string Described(Exception cause)
    {
        var type = SourceNames.Short(cause.GetType());
        try
        {
            return $"{type}: {cause.Message}";
        }
        catch (Exception)
        {
            return type;
        }
    }

    private void Park(string reason, bool untilTrialEnds = false)
    {
        Extras.ParkedUntilTrialEnds = untilTrialEnds;
        Extras.Parked = (reason, Kernel.Time.GetUtcNow());
        KernelLog.Parked(Kernel.Logger, ToString(), _binding.Name, reason);
        _park = reason;
    }
}
