using System.Diagnostics;
using Microsoft.Extensions.Logging;
using WatchReload.Actors;

namespace WatchReload.Service;

/// <summary>One client: answers its lines in their order, and shows it what the others say.</summary>
/// <remarks>
/// Theory of operation. Only <see cref="Index"/> knows the names, and its answer is a message that comes later. While one is
/// awaited no further line is taken (<c>HoldFrames</c>), so at most one question is open and answers keep the order of the lines:
/// <code>
/// a name, /who, /quit   -> question to Index, frames held, timer set
/// Index's answer        -> line to the client, timer cancelled, frames taken again (or closed)
/// no answer in time     -> closed; the client need not guess
/// </code>
/// The question is a plain message, not an Ask: messages from Index keep their order, so <c>hello</c> comes before anything that
/// others say. Nothing waits inside a turn, so a reload never has to wait for a connection.
/// </remarks>
public sealed class Connection(ILogger<Connection> log) : ConnectionBehavior<ConnectionState, ConnectionMessage>
{
    private const string AnswerTimer = "answer";
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(10);

    public override ValueTask<ConnectionState> Frame(ConnectionState s, ReadOnlyMemory<byte> frame, Context self)
        => new(s.Name is null ? Introduce(s, Line.Decode(frame.Span), self) : Obey(s, Line.Decode(frame.Span), self));

    public override ValueTask FramingFailed(ConnectionState s, string error, Context self)
    {
        End("? line too long", self);
        return default;
    }

    public override ValueTask<ConnectionState> Receive(ConnectionState s, ConnectionMessage m, Context self)
    {
        switch (m)
        {
            case ConnectionMessage.Joined joined:
                s = s with { Name = joined.Name };
                Answer($"hello {joined.Name}", self);
                break;
            case ConnectionMessage.Taken taken:
                End($"taken {taken.Name}", self);
                break;
            case ConnectionMessage.Left:
                End("bye", self);
                break;
            case ConnectionMessage.Present present:
                Answer($"who {string.Join(' ', present.Names)}", self);
                break;
            case ConnectionMessage.Said said:
                self.WriteLine($"{said.Name}: {said.Text}");
                break;
            case ConnectionMessage.CodeChanged change:
                Log.ConnectionChanged(log, s.Name, change.FromVersion, change.ToVersion);
                break;
            case ConnectionMessage.NoAnswer:
                End("? no answer", self);
                break;
            default:
                throw new UnreachableException();
        }

        return new(s);
    }

    private static ConnectionState Introduce(ConnectionState s, string? line, Context self)
    {
        if (line is not null && Line.IsName(line)) Question(new IndexMessage.Join(self.Self, line), self);
        else End("? bad name", self);
        return s;
    }

    private static ConnectionState Obey(ConnectionState s, string? line, Context self)
    {
        switch (line)
        {
            case null:
                self.WriteLine("? not UTF-8");
                break;
            case not null when Line.Argument("/ping ", line) is { } text:
                s = s with { Pings = s.Pings + 1 };
                self.WriteLine($"pong {text} {s.Pings}");
                break;
            case "/who":
                Question(new IndexMessage.Who(self.Self), self);
                break;
            case "/version":
                self.WriteLine($"version {ServiceVersion.Text}");
                break;
            case "/quit":
                Question(new IndexMessage.Leave(self.Self), self);
                break;
            case ['/', ..]:
                self.WriteLine("? unknown command");
                break;
            default:
                self.Find(Names.Index).Send(new IndexMessage.Say(self.Self, s.Name!, line));
                break;
        }

        return s;
    }

    private static void Question(IndexMessage question, Context self)
    {
        self.HoldFrames();
        self.After(AnswerTimer, AnswerDeadline, new ConnectionMessage.NoAnswer());
        self.Find(Names.Index).Send(question);
    }

    private static void Answer(string line, Context self)
    {
        self.Cancel(AnswerTimer);
        self.WriteLine(line);
        self.TakeFrames();
    }

    private static void End(string line, Context self)
    {
        self.WriteLine(line);
        self.Close();
    }
}
