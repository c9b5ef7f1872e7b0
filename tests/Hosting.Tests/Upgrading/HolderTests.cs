using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>What keeps an old version is named.</summary>
public sealed class HolderTests
{
    private const string AddHost = "Microsoft.Extensions.DependencyInjection.ServiceCollectionHostedServiceExtensions.AddHostedService<Host>(service.Services);";
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(31);
    private static readonly TimeSpan PrepareDeadline = TimeSpan.FromSeconds(30);
    private static readonly CountingService V1 = new();
    private static readonly CountingService V2 = new() { Version = "v2" };

    [Fact(Timeout = 60_000)]
    public async Task A_late_actor_is_named_with_its_behavior_and_since_when_and_its_timers()
    {
        using var turn = new HeldTurn();
        var time = new FakeTime();
        await using var node = await NodeHarness.Start(V1 with { Commands = $"case \"wait\": self.Every(\"tick\", TimeSpan.FromHours(1), new ConnMessage.Tick(1)); {turn.Suspend} self.WriteLine(\"waited\"); break;" }, time);
        var client = await node.Connect();
        await client.Send("wait");
        await turn.Entered;
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2)).Verdict);

        Assert.Equal($"actor lines#1 (Counting.Conn), in a turn since {time.GetUtcNow():O}, with timers 'tick'", Holder(node));

        turn.Release();
        Assert.Equal("waited", await client.Read());
        await node.Until(status => Assert.Single(status.OldVersions).State == "unloaded");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_hosted_service_that_does_not_stop_is_named_and_keeps_its_container()
    {
        using HeldTurn held = new();
        using var disposed = new HeldObject();
        var time = new FakeTime();
        await using var node = await NodeHarness.Start(Hosting($$"""
            public sealed class Host : Microsoft.Extensions.Hosting.IHostedService, IDisposable
            {
                public Task StartAsync(CancellationToken stop) => Task.CompletedTask;
                public async Task StopAsync(CancellationToken stop) { {{held.Suspend}} }
                public void Dispose() { {{disposed.Set("\"disposed\"")}} }
            }
            """), time);
        var reloading = node.Reload(V2);
        await held.Entered;
        await time.Armed(StopDeadline);
        var since = time.GetUtcNow();
        time.Advance(StopDeadline);
        Assert.Equal(ReloadVerdict.Committed, (await reloading).Verdict);

        Assert.Equal($"hosted service that does not stop Host, asked since {since:O}", Holder(node));
        Assert.Null(disposed.Value);

        held.Release();
        await Unloaded(node, time);
        Assert.Equal("disposed", disposed.Value);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_loop_of_a_background_service_is_named_when_it_outlasts_its_stop()
    {
        using HeldTurn held = new();
        var time = new FakeTime();
        await using var node = await NodeHarness.Start(Hosting($$"""
            public sealed class Host : Microsoft.Extensions.Hosting.BackgroundService
            {
                protected override async Task ExecuteAsync(CancellationToken stop) { {{held.Suspend}} }
                public override Task StopAsync(CancellationToken stop) => Task.CompletedTask;
            }
            """), time);
        await held.Entered;
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2)).Verdict);

        Assert.Equal($"background task of hosted service Host, asked to stop since {time.GetUtcNow():O}", Holder(node));

        held.Release();
        await Unloaded(node, time);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_ask_is_named_with_the_actor_that_owes_its_reply()
    {
        using HeldTurn held = new();
        const string board = """
            public abstract record BoardMessage;
            public sealed record Question : BoardMessage, IRequest<BoardMessage, Answer>;
            public sealed record Answer(int N);
            public sealed record BoardState(ReplyTo<Answer> Owed);
            public sealed class Board : Behavior<BoardState, BoardMessage>
            {
                public override ValueTask<BoardState> Receive(BoardState s, BoardMessage m, Context self) => new(s with { Owed = self.ReplyLater((Question)m) });
            }
            """;
        var time = new FakeTime();
        var service = V1 with
        {
            Configure = "service.Actor<Board, BoardState, BoardMessage>(new ActorName<BoardMessage>(\"board\"), () => new BoardState(default));",
            Commands = """
                case "ask":
                    _ = self.Find(new ActorName<BoardMessage>("board")).Ask(new Question(), TimeSpan.FromMinutes(1)).AsTask();
                    self.WriteLine("ok");
                    break;
                """,
            More = board,
        };
        await using var node = await NodeHarness.Start(service, time);
        Assert.Equal("ok", await (await node.Connect()).Ask("ask"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(service with { Version = "v2" })).Verdict);

        Assert.Equal("an ask that waits for board (Counting.Board)", Holder(node));

        time.Advance(TimeSpan.FromMinutes(1));
        await Unloaded(node, time);
    }

    /// <summary>It is served by the new code, and what it sends is cut by the framing of the code before, which must not be disposed of meanwhile.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_connection_whose_listener_is_declared_no_more_is_named_when_the_framing_is_the_versions_own()
    {
        var time = new FakeTime();
        await using var node = await NodeHarness.Start(
            V1 with
            {
                Configure = "service.Listen(\"own\", \"127.0.0.1:0\").Framing<Ends>().Accept<Conn, ConnState, ConnMessage>(_ => new ConnState(0));",
                More = """
                    public sealed class Ends : IFraming, IDisposable
                    {
                        private bool _isDisposed;
                        public FrameRead TryRead(ref System.Buffers.ReadOnlySequence<byte> unread, out System.Buffers.ReadOnlySequence<byte> frame, out string? error)
                        {
                            ObjectDisposedException.ThrowIf(_isDisposed, this);
                            (frame, error) = (default, null);
                            if (System.Buffers.BuffersExtensions.PositionOf(unread, (byte)'\n') is not { } end) return FrameRead.NeedMore;
                            frame = unread.Slice(0, end);
                            unread = unread.Slice(unread.GetPosition(1, end));
                            return FrameRead.Frame;
                        }
                        public void Write(ReadOnlySpan<byte> frame, System.Buffers.IBufferWriter<byte> output)
                        {
                            System.Buffers.BuffersExtensions.Write(output, frame);
                            System.Buffers.BuffersExtensions.Write(output, "\n"u8);
                        }
                        public void Dispose() => _isDisposed = true;
                    }
                    """,
            },
            time);
        var client = await node.Connect("own");
        Assert.Equal("ok", await client.Ask("add"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2)).Verdict);

        Assert.Equal("the connection of own#1 (Counting.Conn): its listener is declared no more, and the framing is the version's", Holder(node));
        Assert.Equal("v2 1", await client.Ask("count"));

        await client.DisposeAsync();
        await Unloaded(node, time);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_code_change_that_does_not_return_is_named_and_keeps_its_container()
    {
        using HeldTurn held = new();
        using var disposed = new HeldObject();
        var time = new FakeTime();
        await using var node = await NodeHarness.Start(V1, time);
        var reloading = node.Reload(V2 with
        {
            More = $"public sealed class Kept : IDisposable {{ public void Dispose() {{ {disposed.Set("\"disposed\"")} }} }}",
            Configure = "Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<Kept>(service.Services);",
            CodeChange = $"_ = change.Services.GetService(typeof(Kept)); {held.Suspend}",
        });
        await held.EnteredBy(reloading);
        var since = time.GetUtcNow();

        Assert.Equal(ReloadVerdict.TakenBack, (await time.PassUntil(reloading, StopDeadline)).Verdict);

        var old = node.Status.OldVersions.Single(version => version.Version == 2);
        Assert.Equal(("retiring", $"CodeChange that does not return, called since {since:O}"), (old.State, Assert.Single(old.Holders)));
        Assert.Null(disposed.Value);

        held.Release();
        await AllUnloaded(node, time);
        Assert.Equal("disposed", disposed.Value);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_callback_of_the_retirement_that_does_not_return_is_named()
    {
        using HeldTurn held = new();
        var time = new FakeTime();
        await using var node = await NodeHarness.Start(V1 with { Members = $"public Conn(IServiceVersion version) => version.Retired.Register(() => {{ _ = {held.Block}; }});" }, time);
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2)).Verdict);
        await held.Entered;

        Assert.Equal($"a callback of IServiceVersion.Retired that does not return, called since {time.GetUtcNow():O}", Holder(node));

        held.Release();
        await AllUnloaded(node, time);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_module_initializer_that_does_not_return_is_named_and_compiles_no_more_when_it_has()
    {
        using HeldTurn held = new();
        using var disposed = new HeldObject();
        var time = new FakeTime();
        await using var node = await NodeHarness.Start(V1, time);
        var part = CompiledAssembly.From("Part", $"public static class Part {{ public static string Say() => \"part\"; [System.Runtime.CompilerServices.ModuleInitializer] internal static void Initialize() {{ if (DateTime.UtcNow.Year > 1) _ = {held.Block}; }} }}");
        var refused = V2 with
        {
            References = [part],
            Commands = "case \"part\": self.WriteLine(Part.Say()); break;",
            More = $"public sealed class Kept : IDisposable {{ public void Dispose() {{ {disposed.Set("\"disposed\"")} }} }}",
            Configure = "Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<Kept>(service.Services);",
            Members = "private readonly Kept kept; public Conn(Kept kept) => this.kept = kept; public override string ToString() => kept.ToString()!;",
        };
        var since = time.GetUtcNow();
        var reloading = node.Reload(node.Releases.Write(refused.Compile(), part));
        await held.EnteredBy(reloading);

        Assert.Equal(ReloadVerdict.Refused, (await time.PassUntil(reloading, PrepareDeadline)).Verdict);

        Assert.Equal($"a module initializer, of an assembly that Counting.Conn+<Frame>d__0.MoveNext uses, that does not return, called since {since:O}", Holder(node));
        Assert.Null(disposed.Value);

        held.Release();
        await Unloaded(node, time);
        Assert.Equal("disposed", disposed.Value);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_Upgrade_that_does_not_return_is_named()
    {
        using HeldTurn held = new();
        var time = new FakeTime();
        await using var node = await NodeHarness.Start(V1, time);
        Assert.Equal("ok", await (await node.Connect()).Ask("add"));
        var since = time.GetUtcNow();
        var reloading = node.Reload(V2 with
        {
            State = $$"""
                public sealed record ConnStateV1(int Count);
                public sealed record ConnState(int Count, string Grade) : IUpgrade<ConnStateV1, ConnState> { public static ConnState Upgrade(ConnStateV1 old) => new(old.Count, {{held.Block}}); }
                """,
            First = "new ConnState(0, \"\")",
        });
        await held.EnteredBy(reloading);

        Assert.Equal(ReloadVerdict.Refused, (await time.PassUntil(reloading, PrepareDeadline, TimeSpan.FromSeconds(1))).Verdict);

        Assert.Equal($"an Upgrade, constructor, initializer or first state that does not return, called since {since:O}", Holder(node));

        held.Release();
        await Unloaded(node, time);
    }

    private static CountingService Hosting(string host) => V1 with { Configure = AddHost, More = host };

    private static string Holder(NodeHarness node) => Assert.Single(Assert.Single(node.Status.OldVersions).Holders);

    private static Task Unloaded(NodeHarness node, FakeTime time)
    {
        Assert.Single(node.Status.OldVersions);
        return AllUnloaded(node, time);
    }

    private static Task AllUnloaded(NodeHarness node, FakeTime time) => node.Until(status =>
    {
        if (status.OldVersions.All(version => version.State == "unloaded")) return true;
        time.Advance(TimeSpan.FromMilliseconds(200));
        return false;
    });
}
