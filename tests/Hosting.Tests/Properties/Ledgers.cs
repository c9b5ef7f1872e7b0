using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>A release of <see cref="Ledgers"/>: what it does to a reload, and the shape that states have afterwards.</summary>
/// <param name="Verdicts">What may become of it, by the shape before.</param>
internal sealed record LedgerRelease(string Name, char Shape, Func<char, ReloadVerdict[]> Verdicts, CountingService Service)
{
    private readonly Lazy<CompiledAssembly> _compiled = new(Service.Compile);

    public bool IsRollback { get; init; }

    /// <summary>Where its code hangs; null: nowhere.</summary>
    public string? HangsIn { get; init; }

    public CompiledAssembly Compiled => _compiled.Value;

    public override string ToString() => Name;
}

/// <summary>
/// A service whose clients tell ledgers, actors with names, what to write down, in one of four ways (<see cref="Ways"/>): <c>WAY ID CLIENT LEDGER HOW</c> is answered, when its turn has come, with
/// <c>ok ID N VERSION RECEIPT</c>: the N-th that this connection tells, and for <see cref="Ask"/> what the ledger replied. What a scribe tells, an actor that the connection spawns, has numbers of its own, which
/// the scribe counts, and is from <see cref="Scribe"/> more than the client. <c>show LEDGER</c>, or <c>pass-show LEDGER</c> by way of the scribe, is answered with all that the ledger has, and with how
/// often a turn of it was in older code than that of whoever had written to it. Shape <c>a</c> becomes <c>b</c> by shape or by <c>Upgrade</c>, and comes back by a rollback only.
/// </summary>
internal static class Ledgers
{
    public const int Count = 3;

    /// <summary>How a ledger writes: at once; in place, then it throws; not at all, as it throws before; after it has waited.</summary>
    public const int Plain = 0, WrittenAndThrown = 1, Thrown = 2, Awaited = 3;

    /// <summary>How a ledger is told: by a message; by a question that the connection's turn waits for; by a message when a timer is due; by a message of the scribe's.</summary>
    public const int Tell = 0, Ask = 1, Later = 2, Pass = 3;

    /// <summary>By what a scribe is told from its client.</summary>
    public const int Scribe = 100;

    private const string LineA = "public sealed record ScribeState(int Count); public sealed record Line(int From, int N, List<int> Seal);";
    private const string LineB = "public sealed record ScribeState(long Count); public sealed record Line(int From, long N, List<int> Seal, string Added = \"added\")";
    private const string Throws = "throw new InvalidOperationException(\"not today\");";

    private static readonly ReloadVerdict[] Committed = [ReloadVerdict.Committed];
    private static readonly ReloadVerdict[] Refused = [ReloadVerdict.Refused];

    public static IReadOnlyList<string> Ways { get; } = ["tell", "ask", "later", "pass"];

    public static IReadOnlyList<LedgerRelease> All { get; } =
    [
        new("a", 'a', shape => shape == 'a' ? Committed : Refused, Of("a", LineA)),
        new("b", 'b', _ => Committed, Of("b", LineB + ";")),
        new("b, by Upgrade", 'b', _ => Committed, Of("up", Upgraded("return new(old.From, old.N, old.Seal);"))),
        Impure(1),
        Impure(7),
        Impure(40),
        new("b, out of memory in Upgrade", 'b', shape => shape == 'a' ? [ReloadVerdict.Committed, ReloadVerdict.Refused] : Committed, Of("memory", Upgraded("return new((new int[int.MaxValue])[0], old.N, old.Seal);"))),
        Slow(97),
        new("a, CodeChange throws", 'a', shape => shape == 'a' ? [ReloadVerdict.TakenBack] : Refused, Of("thrower", LineA) with { CodeChange = Throws }),
        // Without a way back that loses nothing it serves all the same, and says so.
        new("b, CodeChange throws", 'b', shape => shape == 'b' ? [ReloadVerdict.TakenBack] : Committed, Of("thrower", LineB + ";") with { CodeChange = Throws }),
        new("b, a first state throws", 'b', _ => Refused, Of("first", LineB + ";", "service.Actor<Ledger, LedgerState, LedgerMessage>(new ActorName<LedgerMessage>(\"more\"), () => throw new InvalidOperationException(\"no state\"));")),
        new("b, Configure throws", 'b', _ => Refused, Of("configure", LineB + ";", Throws)),
        new("back to a", 'a', _ => Committed, Of("back", LineA)) { IsRollback = true },
    ];

    /// <summary>Code that hangs past its deadline, and comes back when nobody waits for it any more.</summary>
    public static IReadOnlyList<LedgerRelease> Hanging { get; } =
    [
        HangingIn("configure", 'b', _ => Refused),
        HangingIn("first state", 'b', _ => Refused),
        // Of a ledger that is late it runs after the commit.
        HangingIn("upgrade", 'b', shape => shape == 'a' ? [ReloadVerdict.Committed, ReloadVerdict.Refused] : Committed),
        HangingIn("code change", 'a', shape => shape == 'a' ? [ReloadVerdict.TakenBack] : Refused),
    ];

    /// <summary>Where a node's ledgers leave what they have at their end, by their numbers, if there is a dictionary.</summary>
    public static string EndsOf(NodeHarness node) => $"ends of {node.State.Releases}";

    private static LedgerRelease HangingIn(string place, char shape, Func<char, ReloadVerdict[]> verdicts) => new($"{shape}, hangs in {place}", shape, verdicts, With(place, "")) { HangsIn = place };

    /// <summary>Empties the list that it is given, and throws once: at its n-th call, whichever actor that is for. What serves still has to show the list's number.</summary>
    private static LedgerRelease Impure(int n) => new(
        $"b, Upgrade throws at call {n}",
        'b',
        shape => shape == 'a' ? [ReloadVerdict.Committed, ReloadVerdict.Refused] : Committed,
        Of($"impure{n}", Upgraded($"var next = new Line(old.From, old.N, [.. old.Seal]); old.From = -1; old.Seal.Clear(); if (Interlocked.Increment(ref calls) == {n}) throw new InvalidOperationException(\"at call {n}\"); return next;")));

    /// <summary>Takes longer at each n-th call, twenty times, than the gate may be closed, now under it and now not.</summary>
    private static LedgerRelease Slow(int n) => new(
        $"b, Upgrade is slow at each {n}th call",
        'b',
        _ => [ReloadVerdict.Committed],
        Of($"slow{n}", Upgraded($"if (Interlocked.Increment(ref calls) is var call && call % {n} == 0 && call <= {20 * n}) for (var began = Environment.TickCount64; Environment.TickCount64 < began + 15;) Thread.SpinWait(100); return new(old.From, old.N, old.Seal);")));

    /// <summary>Shape <c>b</c>, and connections whose state becomes another by an <c>Upgrade</c>.</summary>
    /// <param name="step">Statements of that.</param>
    public static CountingService WithUpgradedConnections(string step) => Of("step", LineB + ";") with
    {
        State = $$"""
            public sealed record ConnStateV1(int Count, ActorRef<ScribeMessage> Scribe);
            public sealed record ConnState(int Count, ActorRef<ScribeMessage> Scribe, string Grade) : IUpgrade<ConnStateV1, ConnState>
            {
                public static ConnState Upgrade(ConnStateV1 old) { {{step}} return new(old.Count, old.Scribe, ""); }
            }
            """,
        First = "new ConnState(0, default, \"\")",
    };

    /// <summary>Shape <c>b</c>, or <c>a</c> where code runs after the commit, so that there is a way back.</summary>
    /// <param name="place">Where code of the service runs.</param>
    /// <param name="step">A statement there.</param>
    public static CountingService With(string place, string step) => place switch
    {
        "configure" => Of("step", LineB + ";", step),
        "first state" => Of("step", LineB + ";", $"service.Actor<Ledger, LedgerState, LedgerMessage>(new ActorName<LedgerMessage>(\"more\"), () => {{ {step} return new LedgerState(); }});"),
        "upgrade" => Of("step", Upgraded($"{step} return new(old.From, old.N, old.Seal);")),
        "code change" => Of("step", LineA) with { CodeChange = step },
        _ => throw new ArgumentOutOfRangeException(nameof(place), place, null),
    };

    private static string Upgraded(string upgrade) => $$"""
        public sealed class LineV1 { public int From; public int N; public List<int> Seal = []; }
        {{LineB}} : IUpgrade<LineV1, Line>
        {
            private static int calls;
            public static int Calls => calls;
            public static Line Upgrade(LineV1 old) { {{upgrade}} }
        }
        """;

    private static CountingService Of(string version, string line, string more = "") => new()
    {
        Version = version,
        State = "public sealed record ConnState(int Count, ActorRef<ScribeMessage> Scribe);",
        First = "new ConnState(0, default)",
        Messages = """
            public abstract record ConnMessage
            {
                public sealed record Shown(string Text) : ConnMessage;
                public sealed record Due(string[] Words) : ConnMessage;
            }
            """,
        Receive = """
            if (m is ConnMessage.Shown shown) { self.WriteLine(shown.Text); return new(s); }
            var words = ((ConnMessage.Due)m).Words;
            s = s with { Count = s.Count + 1 };
            self.Find(Ledger.Name(words[3])).Send(Write(words, s.Count, self));
            self.WriteLine($"ok {words[1]} {s.Count} {self.Version} 0");
            return new(s);
            """,
        Members = "private static LedgerMessage.Write Write(string[] words, int n, Context self) => new(int.Parse(words[2]), n, int.Parse(words[4]), self.Version);\n"
            + "private static ConnState WithScribe(ConnState s, Context self) => s.Scribe.IsNone ? s with { Scribe = self.Spawn<Scribe, ScribeState, ScribeMessage>(new ScribeState(0), link: true) } : s;",
        Commands = """
            case var tell when tell.StartsWith("tell "):
                var words = tell.Split(' ');
                s = s with { Count = s.Count + 1 };
                self.Find(Ledger.Name(words[3])).Send(Write(words, s.Count, self));
                self.WriteLine($"ok {words[1]} {s.Count} {self.Version} 0");
                break;
            case var ask when ask.StartsWith("ask "):
                words = ask.Split(' ');
                s = s with { Count = s.Count + 1 };
                var receipt = 0;
                try { receipt = (await self.Find(Ledger.Name(words[3])).Ask(Write(words, s.Count, self), TimeSpan.FromMinutes(1))).N; }
                catch (AskException failed) when (failed.Reason == AskFailure.TurnFailed) { receipt = -1; }
                self.WriteLine($"ok {words[1]} {s.Count} {self.Version} {receipt}");
                break;
            case var later when later.StartsWith("later "):
                words = later.Split(' ');
                self.After(words[1], TimeSpan.FromMilliseconds(1), new ConnMessage.Due(words));
                break;
            case var pass when pass.StartsWith("pass "):
                words = pass.Split(' ');
                s = WithScribe(s, self);
                s.Scribe.Send(new ScribeMessage.Pass(Write(words, 0, self), words[3]));
                self.WriteLine($"ok {words[1]} 0 {self.Version} 0");
                break;
            case var show when show.StartsWith("show "):
                self.Find(Ledger.Name(show.Split(' ')[1])).Send(new LedgerMessage.Show(self.Self));
                break;
            case var show when show.StartsWith("pass-show "):
                s = WithScribe(s, self);
                s.Scribe.Send(new ScribeMessage.Show(show.Split(' ')[1], self.Self));
                break;
            """,
        Configure = $"for (var i = 0; i < {Count}; i++) {{ var number = i; service.Actor<Ledger, LedgerState, LedgerMessage>(Ledger.Name(i.ToString()), () => new LedgerState {{ Number = number }}).OnFailure(FailurePolicy.Park, int.MaxValue, TimeSpan.FromMinutes(1)); }} {more}",
        More = line + """
            public sealed class LedgerState { public int Number; public List<Line> Lines = []; public int Early; }
            public sealed record Receipt(int N);
            public abstract record LedgerMessage
            {
                public sealed record Write(int From, int N, int How, int Version) : LedgerMessage, IRequest<LedgerMessage, Receipt>;
                public sealed record Show(ActorRef<ConnMessage> To) : LedgerMessage;
            }
            public sealed class Ledger : Behavior<LedgerState, LedgerMessage>
            {
                public static ActorName<LedgerMessage> Name(string number) => new("ledger" + number);
                private static string Shown(LedgerState s) => $"{s.Early} {string.Join(' ', s.Lines.Select(l => $"{l.From}:{(l.Seal is [var seal] && seal == l.N ? seal : -1)}"))}";
                public override ValueTask Stopping(LedgerState s, StopReason why, Context self)
                {
                    var release = ((Microsoft.Extensions.Hosting.IHostEnvironment)self.Services.GetService(typeof(Microsoft.Extensions.Hosting.IHostEnvironment))!).ContentRootPath;
                    if (AppContext.GetData("ends of " + System.IO.Path.GetDirectoryName(release)) is IDictionary<int, string> ends) ends.Add(s.Number, Shown(s));
                    return default;
                }
                public override async ValueTask<LedgerState> Receive(LedgerState s, LedgerMessage m, Context self)
                {
                    if (m is LedgerMessage.Show show)
                    {
                        show.To.Send(new ConnMessage.Shown(Shown(s)));
                        return s;
                    }
                    var write = (LedgerMessage.Write)m;
                    if (self.Version < write.Version) s.Early++;
                    if (write.How == 2) throw new InvalidOperationException("before");
                    for (var i = 0; write.How == 3 && i < 3; i++) await Task.Yield();
                    s.Lines.Add(new Line(write.From, write.N, [write.N]));
                    if (write.How == 1) throw new InvalidOperationException("after");
                    self.Reply(write, new Receipt(write.N));
                    return s;
                }
            }
            public abstract record ScribeMessage
            {
                public sealed record Pass(LedgerMessage.Write What, string Ledger) : ScribeMessage;
                public sealed record Show(string Ledger, ActorRef<ConnMessage> To) : ScribeMessage;
            }
            public sealed class Scribe : Behavior<ScribeState, ScribeMessage>
            {
                public override ValueTask<ScribeState> Receive(ScribeState s, ScribeMessage m, Context self)
                {
                    if (m is ScribeMessage.Show show)
                    {
                        self.Find(Ledger.Name(show.Ledger)).Send(new LedgerMessage.Show(show.To));
                        return new(s);
                    }
                    var pass = (ScribeMessage.Pass)m;
                    if (self.Version < pass.What.Version) throw new InvalidOperationException("older code than that of the connection");
                    s = s with { Count = s.Count + 1 };
                    self.Find(Ledger.Name(pass.Ledger)).Send(pass.What with { From = pass.What.From + 100, N = (int)s.Count, Version = self.Version });
                    return new(s);
                }
            }
            """,
    };
}
