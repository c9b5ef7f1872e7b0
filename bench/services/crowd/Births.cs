using WatchReload.Actors;

namespace WatchReload.Bench.Crowd;

/// <summary>Has children, so many at a time: each says that it is there, and ends.</summary>
public sealed class Births : Behavior<BirthState, BirthMessage>
{
    private const int AtATime = 100;

    /// <summary>Starts a parent; it goes quiet when the rate is no longer measured.</summary>
    public static void Start(ConnectionBehavior<ControlState, ControlMessage>.Context self) =>
        self.Spawn<Births, BirthState, BirthMessage>(new BirthState(0)).Send(new BirthMessage.Next());

    public override ValueTask<BirthState> Receive(BirthState s, BirthMessage m, Context self)
    {
        if (m is BirthMessage.Born && s.Awaited > 1) return new(s with { Awaited = s.Awaited - 1 });
        if (m is BirthMessage.Born) Rate.Count(AtATime);
        if (!Rate.IsRunning) return new(s with { Awaited = 0 });
        for (var i = 0; i < AtATime; i++) self.Spawn<Child, ChildState, ChildMessage>(new ChildState(self.Self));
        return new(s with { Awaited = AtATime });
    }
}

/// <param name="Awaited">Children that have not said that they are there.</param>
public sealed record BirthState(int Awaited);

/// <summary>What a parent is sent.</summary>
public abstract record BirthMessage
{
    private BirthMessage()
    {
    }

    public sealed record Next : BirthMessage;

    public sealed record Born : BirthMessage;
}

/// <summary>Lives for a turn.</summary>
public sealed class Child : Behavior<ChildState, ChildMessage>
{
    public override ValueTask<ChildState> Started(ChildState s, StartReason why, Context self)
    {
        s.Parent.Send(new BirthMessage.Born());
        self.Stop();
        return new(s);
    }

    public override ValueTask<ChildState> Receive(ChildState s, ChildMessage m, Context self) => new(s);
}

public sealed record ChildState(ActorRef<BirthMessage> Parent);

/// <summary>What nobody sends.</summary>
public sealed record ChildMessage;
