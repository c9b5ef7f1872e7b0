using WatchReload.Actors;

namespace WatchReload.Bench.Crowd;

/// <summary>One of many. It knows its predecessor; the first knows the last of the ring, so that tokens go round.</summary>
public sealed class Subject : Behavior<SubjectState, SubjectMessage>
{
    public override ValueTask<SubjectState> Receive(SubjectState s, SubjectMessage m, Context self)
    {
        switch (m)
        {
            case SubjectMessage.Token token:
                if (Tokens.GoRound) s.Next.Send(token);
                return new(s with { Count = s.Count + 1, Last = token.Number });
            case SubjectMessage.Close close:
                return new(s with { Next = close.Ring });
            default:
                if (s.Next != default) s.Next.Send(m);
                self.Stop();
                return new(s);
        }
    }
}

/// <summary>What a <see cref="Subject"/> is sent.</summary>
public abstract record SubjectMessage
{
    private SubjectMessage()
    {
    }

    /// <summary>Counted, and passed on.</summary>
    public sealed record Token(long Number) : SubjectMessage;

    /// <summary>To the first: closes the ring.</summary>
    public sealed record Close(ActorRef<SubjectMessage> Ring) : SubjectMessage;

    /// <summary>Ends it, and all before it.</summary>
    public sealed record End : SubjectMessage;
}
