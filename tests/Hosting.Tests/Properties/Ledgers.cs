using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Properties;

/// <summary>A release of <see cref="Ledgers"/>: what it does to a reload, and the shape that states have afterwards.</summary>
/// <param name="Verdicts">What may become of it, by the shape before.</param>
internal sealed record LedgerRelease(string Name, char Shape, Func<char, ReloadVerdict[]> Verdicts, CountingService Service)
{
    private readonly Lazy<CompiledAssembly> _compiled = new(Service.Compile);

    public bool IsRollback { get; init; }

    public CompiledAssembly Compiled => _compiled.Value;

    public override string ToString() => Name;
}

/// <summary>
/// A service whose clients tell ledgers, actors with names, what to write down. <c>tell CLIENT LEDGER HOW</c> is answered with <c>ok N VERSION</c>: the N-th
/// that this connection tells. <c>show LEDGER</c> is answered with all that the ledger has, and with how often a turn of it was in older code than that of whoever
/// had written to it. Shape <c>a</c> becomes <c>b</c> by shape or by <c>Upgrade</c>, and comes back by a rollback only.
/// </summary>
internal static class Ledgers
{
    public const int Count = 3;

    /// <summary>How a ledger writes: at once; in place, then it throws; not at all, as it throws before; after it has waited.</summary>
    public const int Plain = 0, WrittenAndThrown = 1, Thrown = 2, Awaited = 3;

    private const string LineA = "public sealed record Line(int From, int N);";
    private const string LineB = "public sealed record Line(int From, long N, string Added = \"added\")";
    private const string Throws = "throw new InvalidOperationException(\"not today\");";

    private static readonly ReloadVerdict[] Committed = [ReloadVerdict.Committed];
    private static readonly ReloadVerdict[] Refused = [ReloadVerdict.Refused];

    public static IReadOnlyList<LedgerRelease> All { get; } =
    [
        new("a", 'a', shape => shape == 'a' ? Committed : Refused, Of("a", LineA)),
        new("b", 'b', _ => Committed, Of("b", LineB + ";")),
        new("b, by Upgrade", 'b', _ => Committed, Of("up", Upgraded("return new(old.From, old.N);"))),
        Impure(1),
        Impure(7),
        Impure(40),
        new("b, out of memory in Upgrade", 'b', shape => shape == 'a' ? [ReloadVerdict.Committed, ReloadVerdict.Refused] : Committed, Of("memory", Upgraded("return new((new int[int.MaxValue])[0], old.N);"))),
        Slow(97),
        new("a, CodeChange throws", 'a', shape => shape == 'a' ? [ReloadVerdict.TakenBack] : Refused, Of("thrower", LineA) with { CodeChange = Throws }),
        // Without a way back that loses nothing it serves all the same, and says so.
        new("b, CodeChange throws", 'b', shape => shape == 'b' ? [ReloadVerdict.TakenBack] : Committed, Of("thrower", LineB + ";") with { CodeChange = Throws }),
        new("b, a first state throws", 'b', _ => Refused, Of("first", LineB + ";", "service.Actor<Ledger, LedgerState, LedgerMessage>(new ActorName<LedgerMessage>(\"more\"), () => throw new InvalidOperationException(\"no state\"));")),
        new("b, Configure throws", 'b', _ => Refused, Of("configure", LineB + ";", Throws)),
        new("back to a", 'a', _ => Committed, Of("back", LineA)) { IsRollback = true },
    ];

    /// <summary>Changes what it is given, and throws once: at its n-th call, whichever actor that is for.</summary>
    private static LedgerRelease Impure(int n) => new(
        $"b, Upgrade throws at call {n}",
        'b',
        shape => shape == 'a' ? [ReloadVerdict.Committed, ReloadVerdict.Refused] : Committed,
        Of($"impure{n}", Upgraded($"var next = new Line(old.From, old.N); old.From = -1; if (Interlocked.Increment(ref calls) == {n}) throw new InvalidOperationException(\"at call {n}\"); return next;")));

    /// <summary>Takes longer at each n-th call, twenty times, than the gate may be closed, now under it and now not.</summary>
    private static LedgerRelease Slow(int n) => new(
        $"b, Upgrade is slow at each {n}th call",
        'b',
        _ => [ReloadVerdict.Committed],
        Of($"slow{n}", Upgraded($"if (Interlocked.Increment(ref calls) is var call && call % {n} == 0 && call <= {20 * n}) for (var began = Environment.TickCount64; Environment.TickCount64 < began + 15;) Thread.SpinWait(100); return new(old.From, old.N);")));

    /// <summary>Shape <c>b</c>, and connections whose state becomes another by an <c>Upgrade</c>.</summary>
    /// <param name="step">Statements of that.</param>
    public static CountingService WithUpgradedConnections(string step) => Of("step", LineB + ";") with
    {
        State = $$"""
            public sealed record ConnStateV1(int Count);
            public sealed record ConnState(int Count, string Grade) : IUpgrade<ConnStateV1, ConnState>
            {
                public static ConnState Upgrade(ConnStateV1 old) { {{step}} return new(old.Count, ""); }
            }
            """,
        First = "new ConnState(0, \"\")",
    };

    private static string Upgraded(string upgrade) => $$"""
        public sealed class LineV1 { public int From; public int N; }
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
        Messages = "public abstract record ConnMessage { public sealed record Shown(string Text) : ConnMessage; }",
        Receive = "self.WriteLine(((ConnMessage.Shown)m).Text); return new(s);",
        Commands = """
            case var tell when tell.StartsWith("tell "):
                var words = tell.Split(' ');
                s = s with { Count = s.Count + 1 };
                self.Find(Ledger.Name(words[2])).Send(new LedgerMessage.Write(int.Parse(words[1]), s.Count, int.Parse(words[3]), self.Version));
                self.WriteLine($"ok {s.Count} {self.Version}");
                break;
            case var show when show.StartsWith("show "):
                self.Find(Ledger.Name(show.Split(' ')[1])).Send(new LedgerMessage.Show(self.Self));
                break;
            """,
        Configure = $"for (var i = 0; i < {Count}; i++) service.Actor<Ledger, LedgerState, LedgerMessage>(Ledger.Name(i.ToString()), () => new LedgerState()).OnFailure(FailurePolicy.Park, int.MaxValue, TimeSpan.FromMinutes(1)); {more}",
        More = line + """
            public sealed class LedgerState { public List<Line> Lines = []; public int Early; }
            public abstract record LedgerMessage
            {
                public sealed record Write(int From, int N, int How, int Version) : LedgerMessage;
                public sealed record Show(ActorRef<ConnMessage> To) : LedgerMessage;
            }
            public sealed class Ledger : Behavior<LedgerState, LedgerMessage>
            {
                public static ActorName<LedgerMessage> Name(string number) => new("ledger" + number);
                public override async ValueTask<LedgerState> Receive(LedgerState s, LedgerMessage m, Context self)
                {
                    if (m is LedgerMessage.Show show)
                    {
                        show.To.Send(new ConnMessage.Shown($"{s.Early} {string.Join(' ', s.Lines.Select(l => $"{l.From}:{l.N}"))}"));
                        return s;
                    }
                    var write = (LedgerMessage.Write)m;
                    if (self.Version < write.Version) s.Early++;
                    if (write.How == 2) throw new InvalidOperationException("before");
                    for (var i = 0; write.How == 3 && i < 3; i++) await Task.Yield();
                    s.Lines.Add(new Line(write.From, write.N));
                    if (write.How == 1) throw new InvalidOperationException("after");
                    return s;
                }
            }
            """,
    };
}
