using WatchReload.Actors;

namespace WatchReload.Bench.Crowd;

/// <summary>Makes the subjects, and ends them.</summary>
public sealed class Keeper : Behavior<KeeperState, KeeperMessage>
{
    public override ValueTask<KeeperState> Receive(KeeperState s, KeeperMessage m, Context self)
    {
        switch (m)
        {
            case KeeperMessage.Spawn spawn:
                Tokens.GoRound = true;
                s = new(Spawn(spawn, self));
                spawn.From.Send(new ControlMessage.Say($"spawned {spawn.Count}"));
                break;
            case KeeperMessage.End when s.Last != default:
                Tokens.GoRound = false;
                s.Last.Send(new SubjectMessage.End());
                s = new(default);
                break;
            default:
                break;
        }

        return new(s);
    }

    /// <summary>A chain; its first <see cref="KeeperMessage.Spawn.Ring"/> are a ring, with tokens evenly in it.</summary>
    private static ActorRef<SubjectMessage> Spawn(KeeperMessage.Spawn spawn, Context self)
    {
        ActorRef<SubjectMessage> first = default, last = default;
        var every = spawn.Tokens == 0 ? int.MaxValue : Math.Max(1, spawn.Ring / spawn.Tokens);
        var starts = new List<ActorRef<SubjectMessage>>(spawn.Tokens + 1);
        for (var i = 0; i < spawn.Count; i++)
        {
            last = self.Spawn<Subject, SubjectState, SubjectMessage>(new SubjectState("subject", i, 0, last));
            if (i == 0) first = last;
            if (i == spawn.Ring - 1) first.Send(new SubjectMessage.Close(last));
            if (i % every == 0 && starts.Count < spawn.Tokens) starts.Add(last);
        }

        for (var i = 0; i < starts.Count; i++) starts[i].Send(new SubjectMessage.Token(i));
        return last;
    }
}

/// <param name="Last">The end of the chain.</param>
public sealed record KeeperState(ActorRef<SubjectMessage> Last);

/// <summary>What the <see cref="Keeper"/> is sent.</summary>
public abstract record KeeperMessage
{
    private KeeperMessage()
    {
    }

    /// <summary>Makes subjects; the first <paramref name="Ring"/> of them pass that many tokens round.</summary>
    public sealed record Spawn(ActorRef<ControlMessage> From, int Count, int Ring, int Tokens) : KeeperMessage;

    /// <summary>Ends all subjects.</summary>
    public sealed record End : KeeperMessage;
}
