using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;
using WatchReload.Testing;

namespace WatchReload.Hosting.Tests.Kernel;

/// <summary>A kernel with a clock that only the test moves, and versions that are plain objects.</summary>
internal sealed class KernelHarness : IAsyncDisposable
{
    private readonly List<TaskCompletionSource> _suspended = [];

    public KernelHarness(PlainVersion? first = null, ILogger? logger = null, Func<TimeProvider, TimeProvider>? clock = null)
    {
        Kernel = new ActorKernel(clock?.Invoke(Time) ?? Time, logger ?? NullLogger.Instance) { CoarseTime = () => (long)Time.Elapsed.TotalMilliseconds };
        first ??= new PlainVersion(1);
        first.Turns = Turns;
        Kernel.Commit(first);
    }

    public VirtualTime Time { get; } = new();

    public ActorKernel Kernel { get; }

    /// <summary>The turns of <see cref="Scripted"/> actors. That none was of old code is asserted at the end of each test.</summary>
    public TurnLog Turns { get; } = new();

    public Actor Spawn(string? name = null)
    {
        var trace = new Trace();
        var binding = Kernel.Current.FindBehavior(BehaviorBinding.NameOf(typeof(Scripted)))!;
        var cell = Kernel.Spawn(binding, name is null ? ActorRole.Spawned : new ActorRole(ActorKind.Named, name), trace);
        cell.Wake();
        return new Actor(cell, trace);
    }

    /// <param name="address">The last part of the client's.</param>
    public Actor Accept(int address)
    {
        var (trace, inlet) = (new Trace(), new BrokenInlet(new IPAddress([10, 0, 0, (byte)(1 + address)])));
        var cell = Kernel.Spawn(Kernel.Current.AcceptBehavior("broken")!, new ActorRole(ActorKind.Connection, "broken"), trace, inlet);
        cell.Wake();
        return new Actor(cell, trace);
    }

    /// <summary>Suspends a turn of the actor.</summary>
    public async Task<SuspendedActor> Suspend(Actor actor)
    {
        // The turn goes on where it is completed.
        var turn = new TaskCompletionSource();
        _suspended.Add(turn);
        actor.Send(async (_, _) => await turn.Task);
        await Until(() => actor.Cell.IsSuspended);
        return new SuspendedActor(this, actor, turn);
    }

    public async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Until no actor has a turn or mail, save those that are suspended.</summary>
    public Task Quiet() => Until(() => Kernel.Gate.IsEmpty && Kernel.Cells.All(cell => cell.IsAtRest || cell.IsSuspended));

    public async Task Advance(TimeSpan by)
    {
        await Quiet();
        var until = Time.Elapsed + by;
        while (Time.FireNext(until)) await Quiet();
        Time.MoveTo(until);
    }

    /// <summary>What a reload does with actors. Returns the late ones.</summary>
    public IReadOnlyCollection<ActorCell> Reload(PlainVersion next, Action? beforeGate = null, Action? underGate = null, bool onTrial = false)
    {
        next.Turns = Turns;
        var session = Kernel.BeginSession(next);
        session.PrepareAll(CancellationToken.None);
        beforeGate?.Invoke();
        var round = new GateRound(Kernel, session, new GateLimits(TimeSpan.FromSeconds(5), TimeSpan.MaxValue, TimeSpan.MaxValue), last: true);
        var late = round.Run(late =>
        {
            underGate?.Invoke();
            Kernel.Commit(next, onTrial);
            return late;
        });
        Turns.Committed(next.Number);
        Assert.Empty(session.Failures);
        Kernel.EndSession();
        foreach (var cell in Kernel.Cells) cell.Sweep();
        return [.. late!.Keys];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var turn in _suspended) turn.TrySetResult();
        Assert.True(await Kernel.StopAll(Timeout.InfiniteTimeSpan).WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(0, Turns.OfOldCode);
    }
}

/// <summary>An actor in a turn that waits for the test.</summary>
internal sealed record SuspendedActor(KernelHarness Node, Actor Actor, TaskCompletionSource Turn)
{
    public async Task Release()
    {
        Turn.SetResult();
        await Node.Until(() => !Actor.Cell.IsSuspended);
        await Node.Quiet();
    }
}

/// <summary>An actor and what happened to it.</summary>
internal sealed record Actor(ActorCell Cell, Trace Trace)
{
    public ActorRef<Step> Ref => new(Cell);

    public void Send(Func<Trace, IActorContext<Step>, ValueTask> turn) => Ref.Send(new Step(turn));

    public void Do(Action<IActorContext<Step>> turn) => Send((_, self) =>
    {
        turn(self);
        return default;
    });

    public void Note(string text) => Ref.Send(new Note(text));
}
