using System.Collections.Concurrent;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Testing;

/// <summary>An actor that records what it is sent, in place of a real one.</summary>
public sealed class Probe<TMessage> where TMessage : notnull
{
    private readonly TestNode _node;
    private readonly ActorCell _cell;
    private readonly ProbeState<TMessage> _record;

    internal Probe(TestNode node, ActorCell cell, ProbeState<TMessage> record)
    {
        _node = node;
        _cell = cell;
        _record = record;
    }

    /// <summary>Where to send.</summary>
    public ActorRef<TMessage> Ref => new(_cell);

    /// <summary>The next message, which must be of that type.</summary>
    /// <exception cref="ExpectationException">The node is at rest and nothing more came, or something else did.</exception>
    public async Task<T> Expect<T>() where T : TMessage
    {
        await _node.Quiet();
        if (!_record.Received.TryDequeue(out var message)) throw new ExpectationException($"{typeof(T).Name} was expected, and nothing has come.{_node.Hint}");
        return message is T expected ? expected : throw new ExpectationException($"{typeof(T).Name} was expected, and this has come: {message}");
    }

    /// <summary>Holds when the node is at rest and nothing more has come.</summary>
    /// <exception cref="ExpectationException">Something has.</exception>
    public async Task ExpectNothing()
    {
        await _node.Quiet();
        if (_record.Received.TryDequeue(out var message)) throw new ExpectationException($"Nothing was expected, and this has come: {message}");
    }

    /// <summary>From now on requests of that type are answered; they are recorded too.</summary>
    public void Answer<TRequest, TReply>(Func<TRequest, TReply> answer) where TRequest : TMessage, IRequest<TMessage, TReply>
        => _record.Answers.Enqueue((message, self) =>
        {
            if (message is TRequest request) self.Reply(request, answer(request));
        });

    /// <summary>The actor stops; those that watch it are told.</summary>
    public void Stop() => _cell.RequestStop(StopReason.Requested);
}

/// <summary>A probe's part inside the node.</summary>
internal sealed class ProbeBehavior<TMessage> : Behavior<ProbeState<TMessage>, TMessage> where TMessage : notnull
{
    public override ValueTask<ProbeState<TMessage>> Receive(ProbeState<TMessage> s, TMessage m, Context self)
    {
        s.Received.Enqueue(m);
        foreach (var answer in s.Answers) answer(m, self);
        return new(s);
    }
}

/// <summary>What the probe and the test both see.</summary>
internal sealed class ProbeState<TMessage> where TMessage : notnull
{
    public ConcurrentQueue<TMessage> Received { get; } = new();

    public ConcurrentQueue<Action<TMessage, IActorContext<TMessage>>> Answers { get; } = new();
}
