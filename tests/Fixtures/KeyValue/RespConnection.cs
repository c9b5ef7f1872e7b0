using System.Buffers;
using System.Diagnostics;
using System.Text;
using WatchReload.Actors;

namespace WatchReload.Fixtures.KeyValue;

/// <summary>PING, GET, SET (with PX) and DEL of RESP. Answers are of another form than requests: they are written unframed.</summary>
public sealed class RespConnection : ConnectionBehavior<SessionState, SessionMessage>
{
    public override ValueTask<SessionState> Frame(SessionState s, ReadOnlyMemory<byte> frame, Context self)
    {
        var parts = RespFraming.Parts(frame);
        switch ((parts.Count > 0 ? Text(parts[0]).ToUpperInvariant() : "", parts.Count))
        {
            case ("PING", 1):
                self.Output.Write("+PONG\r\n"u8);
                break;
            case ("GET", 2):
                self.AskStore(new StoreMessage.Get(Text(parts[1])));
                break;
            case ("SET", 3):
                self.AskStore(new StoreMessage.Put(Text(parts[1]), parts[2]));
                break;
            case ("SET", 5) when Text(parts[3]).Equals("PX", StringComparison.OrdinalIgnoreCase) && int.TryParse(Text(parts[4]), out var time) && time > 0:
                self.AskStore(new StoreMessage.Put(Text(parts[1]), parts[2], TimeSpan.FromMilliseconds(time)));
                break;
            case ("DEL", 2):
                self.AskStore(new StoreMessage.Delete(Text(parts[1])));
                break;
            default:
                self.Output.Write("-ERR unknown command\r\n"u8);
                break;
        }

        return new(s);
    }

    public override ValueTask FramingFailed(SessionState s, string error, Context self)
    {
        self.Output.Write(Encoding.UTF8.GetBytes($"-ERR Protocol error: {error}\r\n"));
        self.Close();
        return default;
    }

    public override ValueTask<SessionState> Receive(SessionState s, SessionMessage m, Context self)
    {
        switch (m)
        {
            case SessionMessage.Answered { Question: StoreMessage.Get, Reply.Value: { } value }:
                self.Output.Write(Encoding.UTF8.GetBytes($"${value.Length}\r\n"));
                self.Output.Write(value);
                self.Output.Write("\r\n"u8);
                break;
            case SessionMessage.Answered { Question: StoreMessage.Get }:
                self.Output.Write("$-1\r\n"u8);
                break;
            case SessionMessage.Answered { Question: StoreMessage.Put }:
                self.Output.Write("+OK\r\n"u8);
                break;
            case SessionMessage.Answered deleted:
                self.Output.Write(deleted.Reply.Found ? ":1\r\n"u8 : ":0\r\n"u8);
                break;
            case SessionMessage.Failed failed:
                self.Output.Write(Encoding.UTF8.GetBytes($"-ERR {failed.Why.Message}\r\n"));
                break;
            default:
                throw new UnreachableException();
        }

        self.TakeFrames();
        return new(s with { Requests = s.Requests + 1 });
    }

    private static string Text(byte[] part) => Encoding.UTF8.GetString(part);
}
