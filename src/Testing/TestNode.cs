using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Testing;

/// <summary>
/// The node's own kernel without its process: behaviors run as they do in a node, on the thread pool, with a clock that only the test moves.
/// </summary>
/// <remarks>
/// A test sends, and then expects. Expectations wait until the node is at rest (<see cref="Quiet"/>), so what has not come by
/// then will not come, and a missed one is told at once.
/// <code>
/// await using var node = new TestNode();
/// var index = node.Probe(Names.Index);
/// var client = node.Connect&lt;Connection, ConnectionState, ConnectionMessage&gt;(ConnectionState.Unnamed);
/// client.Line("ada");
/// var join = await index.Expect&lt;IndexMessage.Join&gt;();
/// </code>
/// </remarks>
public sealed class TestNode : IActors, IAsyncDisposable
{
    private readonly Action<IServiceCollection>? _services;
    private readonly VirtualTime _time = new();
    private readonly TurnFailureLog _failures = new();
    private readonly TestBehaviors _behaviors = new();
    private readonly ActorKernel _kernel;
    private readonly Quiescence _quiescence;
    private TestVersion _version;

    /// <param name="services">Fills the container that behaviors come from; logging, the clock and <see cref="IActors"/> are in it already.</param>
    public TestNode(Action<IServiceCollection>? services = null)
    {
        _services = services;
        _kernel = new ActorKernel(_time, _failures);
        _quiescence = new Quiescence(_kernel, _time);
        _version = NewVersion(1);
        _kernel.Commit(_version);
    }

    /// <summary>How much real time the node may take to come to rest, or to stop; 10 s unless set.</summary>
    public TimeSpan RealTimeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock that actors see.</summary>
    public TimeProvider Time => _time;

    /// <summary>The number of the version whose code runs: 1, and one more after each <see cref="ChangeCode"/>.</summary>
    public int Version => _version.Number;

    /// <summary>The container of the version.</summary>
    public IServiceProvider Services => _version.Services;

    /// <summary>What failed turns have thrown.</summary>
    public IReadOnlyList<Exception> Failures => _failures.Failures;

    /// <summary>Messages that reached nobody: to whom, of which type, and why.</summary>
    public IReadOnlyList<string> DeadLetters => [.. _kernel.DeadLetters.Last.Select(letter => $"{letter.Actor}: {letter.Message}: {letter.Reason}")];

    internal string Hint => _failures.Hint;

    /// <summary>
    /// Waits until there is no mail, no turn and no piped work under way. Piped work that only waits for an actor's reply or for virtual time
    /// does not count.
    /// </summary>
    /// <exception cref="ExpectationException">It has not come to rest within <see cref="RealTimeLimit"/>; the text says what is under way.</exception>
    public async Task Quiet()
    {
        do await _quiescence.Reached(RealTimeLimit);
        while (_time.FireNext(_time.Elapsed));
    }

    /// <summary>Moves the clock. Timers fire in their order, each at its own time, and the node comes to rest after each.</summary>
    public async Task Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        await Quiet();
        var until = _time.Elapsed + by;
        while (_time.FireNext(until)) await _quiescence.Reached(RealTimeLimit);
        _time.MoveTo(until);
    }

    /// <summary>Starts an actor, under a name if it has one.</summary>
    public TestActor<TState, TMessage> Spawn<TBehavior, TState, TMessage>(TState first, ActorName<TMessage>? name = null)
        where TBehavior : Behavior<TState, TMessage>
        where TState : notnull
        where TMessage : notnull
        => new(this, Start(_behaviors.Add(typeof(TBehavior)), name?.Value, first));

    /// <summary>Accepts a connection: an actor, and the peer that the test plays.</summary>
    public TestConnection<TState, TMessage> Connect<TBehavior, TState, TMessage>(TState first)
        where TBehavior : ConnectionBehavior<TState, TMessage>
        where TState : notnull
        where TMessage : notnull
    {
        var inlet = new TestInlet(new AcceptedConnection("test", new IPEndPoint(IPAddress.Loopback, 40_000), new IPEndPoint(IPAddress.Loopback, 7000)));
        var cell = _kernel.Spawn(Binding(_behaviors.Add(typeof(TBehavior))), new ActorRole(ActorKind.Connection, "test"), first, inlet);
        cell.Wake();
        return new TestConnection<TState, TMessage>(this, cell, inlet);
    }

    /// <summary>Starts an actor that records.</summary>
    public Probe<TMessage> Probe<TMessage>() where TMessage : notnull => StartProbe<TMessage>(null);

    /// <summary>Starts an actor that records, in place of the one that has that name in a node.</summary>
    public Probe<TMessage> Probe<TMessage>(ActorName<TMessage> name) where TMessage : notnull => StartProbe<TMessage>(name.Value);

    /// <inheritdoc/>
    public ActorRef<TMessage> Find<TMessage>(ActorName<TMessage> name) where TMessage : notnull => _kernel.Find(name);

    /// <summary>How many actors of that behavior there are.</summary>
    public int Count<TBehavior>() => _kernel.Cells.Count(cell => cell.Binding.BehaviorType == typeof(TBehavior));

    /// <summary>
    /// Replaces the code by the same code under the next version number, as a reload does: new behaviors from a new container, states kept, and
    /// <see cref="StartReason.CodeChanged"/> for every actor.
    /// </summary>
    public async Task ChangeCode()
    {
        await Quiet();
        var (before, next) = (_version, NewVersion(_version.Number + 1));
        _kernel.Gate.Close();
        try
        {
            _kernel.Gate.AwaitTurns(RealTimeLimit);
            _kernel.Commit(_version = next);
        }
        finally
        {
            _kernel.Gate.Open();
        }

        foreach (var cell in _kernel.Cells) cell.Sweep();
        await Quiet();
        _kernel.Forget(before);
        await before.DisposeAsync();
    }

    /// <summary>Stops all actors.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _kernel.StopAll(Timeout.InfiniteTimeSpan).WaitAsync(RealTimeLimit);
        }
        catch (TimeoutException)
        {
            // A turn that never ends must not keep the rest of the tests from running.
        }

        await _version.DisposeAsync();
    }

    private Probe<TMessage> StartProbe<TMessage>(string? name) where TMessage : notnull
    {
        var state = new ProbeState<TMessage>();
        return new Probe<TMessage>(this, Start(_behaviors.Add(typeof(ProbeBehavior<TMessage>)), name, state), state);
    }

    private ActorCell Start(string behavior, string? name, object first)
    {
        if (name is not null) _behaviors.FirstStates[name] = first;
        var cell = _kernel.Spawn(Binding(behavior), name is null ? ActorRole.Spawned : new ActorRole(ActorKind.Named, name), first);
        cell.Wake();
        return cell;
    }

    private BehaviorBinding Binding(string behavior) => _version.FindBehavior(behavior)!;

    private TestVersion NewVersion(int number)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IActors>(_kernel);
        _services?.Invoke(services);
        return new TestVersion(number, _behaviors, services);
    }
}
