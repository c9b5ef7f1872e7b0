using System.Collections.Concurrent;
using System.Text;
using WatchReload.Actors;

namespace WatchReload.Hosting.Tests.Kernel;

/// <summary>What happened to an actor, in order.</summary>
internal sealed class Trace
{
    private readonly ConcurrentQueue<string> _entries = new();

    public IReadOnlyList<string> Entries => [.. _entries];

    public void Add(string entry) => _entries.Enqueue(entry);

    /// <summary>Another with the same entries: as a mapping makes a state.</summary>
    public Trace Copy()
    {
        var copy = new Trace();
        foreach (var entry in Entries) copy.Add(entry);
        return copy;
    }
}

/// <summary>A message that says itself what its turn does.</summary>
internal record Step(Func<Trace, IActorContext<Step>, ValueTask> Run);

internal sealed record Note(string Text) : Step((trace, _) =>
{
    trace.Add(Text);
    return default;
});

internal sealed record Question(Func<Question, IActorContext<Step>, ValueTask> Answer) : Step(static (_, _) => default), IRequest<Step, string>;

internal sealed class Scripted(PlainVersion version) : Behavior<Trace, Step>
{
    public override ValueTask<Trace> Started(Trace s, StartReason why, Context self)
    {
        version.TurnStarts();
        return Noted(s, $"started {why}");
    }

    public override async ValueTask<Trace> Receive(Trace s, Step m, Context self)
    {
        version.TurnStarts();
        if (m is Question question) await question.Answer(question, self);
        else await m.Run(s, self);
        return s;
    }

    public override ValueTask<Trace> Terminated(Trace s, Terminated who, Context self)
    {
        version.TurnStarts();
        s.Add($"terminated {who.Actor.Value} {who.Reason}");
        version.ToldOfEnd();
        return new(s);
    }

    public override ValueTask Stopping(Trace s, StopReason why, Context self)
    {
        s.Add($"stopping {why}");
        return default;
    }

    private static ValueTask<Trace> Noted(Trace s, string entry)
    {
        s.Add(entry);
        return new(s);
    }
}

/// <summary>The same with a connection.</summary>
internal sealed class ScriptedConnection : ConnectionBehavior<Trace, Step>
{
    public override async ValueTask<Trace> Frame(Trace s, ReadOnlyMemory<byte> frame, Context self)
    {
        var text = Encoding.UTF8.GetString(frame.Span);
        s.Add(text);
        if (Answer is { } answer) await answer(text, self);
        return s;
    }

    public Func<string, IConnectionContext<Step>, ValueTask>? Answer { get; init; }

    /// <summary>What its last turn does.</summary>
    public Action<IConnectionContext<Step>> Last { get; init; } = static _ => { };

    public override ValueTask FramingFailed(Trace s, string error, Context self)
    {
        self.WriteLine("no frame");
        return default;
    }

    public override async ValueTask<Trace> Receive(Trace s, Step m, Context self)
    {
        await m.Run(s, self);
        return s;
    }

    public override ValueTask Stopping(Trace s, StopReason why, Context self)
    {
        s.Add($"stopping {why}");
        Last(self);
        return default;
    }
}
