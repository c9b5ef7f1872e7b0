using System.Diagnostics;
using WatchReload.Actors;

namespace WatchReload.Fixtures.KeyValue;

/// <summary>
/// Request: one byte <c>G</c>, <c>P</c> or <c>D</c>, one byte length of the key, the key, and for P the value. Answer: one byte
/// <c>+</c> or <c>-</c> (not found), and for G the value; <c>?</c> for what is no request; <c>!</c> when the store failed.
/// </summary>
public sealed class BinaryConnection : ConnectionBehavior<SessionState, SessionMessage>
{
    public override ValueTask<SessionState> Frame(SessionState s, ReadOnlyMemory<byte> frame, Context self)
    {
        if (BinaryRequest.TryParse(frame.Span, out var request)) self.AskStore(request);
        else self.Write("?"u8);
        return new(s);
    }

    public override ValueTask<SessionState> Receive(SessionState s, SessionMessage m, Context self)
    {
        switch (m)
        {
            case SessionMessage.Answered answered:
                self.Write([answered.Reply.Found ? (byte)'+' : (byte)'-', .. answered.Reply.Value ?? []]);
                break;
            case SessionMessage.Failed:
                self.Write("!"u8);
                break;
            default:
                throw new UnreachableException();
        }

        self.TakeFrames();
        return new(s with { Requests = s.Requests + 1 });
    }
}
