using WatchReload.Control;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Tests.Cli;

/// <summary>Names and fields of the events are interface: what changes here changes every script that reads them.</summary>
public sealed class EventJsonTests
{
    private static readonly DateTime _time = new(2026, 11, 22, 20, 30, 0, DateTimeKind.Utc);
    private static readonly EventDiagnostic _error = new("error", "CS1002", "; expected", "/src/A.cs", 3, 9, 3, 10, "/src/S.csproj");

    private static readonly (string Line, DaemonEvent Event)[] _golden =
    [
        ("""{"event":"node.started","time":"2026-11-22T20:30:00Z","node":"main","pid":42,"version":1,"release":"r000001","commit":"c0","milliseconds":310.5,"listeners":{"chat":"127.0.0.1:7000"}}""", new NodeStarted("main", 42, 1, "r000001") { Commit = "c0", Milliseconds = 310.5, Listeners = new Dictionary<string, string> { ["chat"] = "127.0.0.1:7000" } }),
        ("""{"event":"node.adopted","time":"2026-11-22T20:30:00Z","node":"main","pid":42,"version":3,"release":"r000003","uptimeSeconds":60,"listeners":{}}""", new NodeAdopted("main", 42, 3, "r000003") { UptimeSeconds = 60 }),
        ("""{"event":"node.exited","time":"2026-11-22T20:30:00Z","node":"main","pid":42,"exitCode":137,"restartInMs":200,"ordered":false,"problems":[]}""", new NodeExited("main", 42, 137, 200)),
        ("""{"event":"change.detected","time":"2026-11-22T20:30:00Z","paths":["src/A.cs"],"count":1,"reason":"saved"}""", new ChangeDetected(["src/A.cs"], 1, "saved")),
        ("""{"event":"build.started","time":"2026-11-22T20:30:00Z","cause":"watch","project":"/src/S.csproj","configuration":"Debug"}""", new BuildStarted("watch", "/src/S.csproj", "Debug")),
        ("""{"event":"build.finished","time":"2026-11-22T20:30:00Z","release":"r000002","lane":"build","laneReason":"a file was added","milliseconds":212,"commit":"c0","clean":true,"sourceHash":"s","contentHash":"h","diagnostics":[]}""", new BuildFinished("r000002", "build", "a file was added", 212) { Commit = "c0", Clean = true, SourceHash = "s", ContentHash = "h" }),
        ("""{"event":"build.analyzed","time":"2026-11-22T20:30:00Z","release":"r000002","milliseconds":80,"diagnostics":[]}""", new BuildAnalyzed("r000002", 80, [])),
        ("""{"event":"build.failed","time":"2026-11-22T20:30:00Z","lane":"build","milliseconds":100,"diagnostics":[{"severity":"error","code":"CS1002","message":"; expected","file":"/src/A.cs","line":3,"column":9,"endLine":3,"endColumn":10,"project":"/src/S.csproj"}],"notTried":false,"transient":false}""", new BuildFailed("build", null, 100, [_error])),
        ("""{"event":"reload.committed","time":"2026-11-22T20:30:00Z","node":"main","version":2,"release":"r000002","previousVersion":1,"lane":"build","laneReason":"x","buildMs":212,"totalMs":240,"phases":[{"name":"load","milliseconds":1.5}],"gateMs":0.25,"gateClosings":2,"mapped":64,"late":[{"actor":"a","behavior":"B","reason":"in an await","since":"1970-01-01T00:00:00+00:00"}],"lateCount":1,"parked":[],"parkedCount":0,"reversible":"yes","losses":[],"warnings":[]}""", new ReloadCommitted("main", 2, "r000002") { PreviousVersion = 1, Lane = "build", LaneReason = "x", BuildMs = 212, TotalMs = 240, Phases = [new ReloadPhase("load", 1.5)], GateMs = 0.25, GateClosings = 2, Mapped = 64, Late = [new ActorNotice("a", "B", "in an await", DateTimeOffset.UnixEpoch)] }),
        ("""{"event":"reload.unchanged","time":"2026-11-22T20:30:00Z","node":"main","version":2,"release":"r000002"}""", new ReloadUnchanged("main", 2, "r000002")),
        ("""{"event":"reload.rehearsed","time":"2026-11-22T20:30:00Z","node":"main","version":2,"release":"r000003","phases":[],"mapped":3,"reversible":"lossy","losses":["State.A: is new, and is lost on the way back"],"warnings":[]}""", new ReloadRehearsed("main", 2, "r000003") { Mapped = 3, Reversible = "lossy", Losses = ["State.A: is new, and is lost on the way back"] }),
        ("""{"event":"reload.superseded","time":"2026-11-22T20:30:00Z","cause":"watch","by":"pull"}""", new ReloadSuperseded("watch", "pull")),
        ("""{"event":"reload.refused","time":"2026-11-22T20:30:00Z","node":"main","version":1,"release":"r000002","problems":["It isn't \"data\"."],"takenBack":true,"died":false,"unknown":false,"noSuchRelease":false,"transient":false,"notTried":false,"phases":[]}""", new ReloadRefused("main", 1, "r000002", ["It isn't \"data\"."]) { TakenBack = true }),
        ("""{"event":"trial.failed","time":"2026-11-22T20:30:00Z","node":"main","version":2,"release":"r000002","problems":["5 actors failed"]}""", new TrialFailed("main", 2, "r000002", ["5 actors failed"])),
        ("""{"event":"version.unloaded","time":"2026-11-22T20:30:00Z","node":"main","version":1}""", new VersionUnloaded("main", 1)),
        ("""{"event":"version.lingering","time":"2026-11-22T20:30:00Z","node":"main","version":1,"holders":["a timer"],"holderCount":1}""", new VersionLingering("main", 1, ["a timer"])),
        ("""{"event":"rollback.started","time":"2026-11-22T20:30:00Z","from":"r000002","to":"r000001","by":"ann"}""", new RollbackStarted("r000002", "r000001", "ann")),
        ("""{"event":"rollback.finished","time":"2026-11-22T20:30:00Z","to":"r000001","verdict":"committed","version":3}""", new RollbackFinished("r000001", "committed") { Version = 3 }),
        ("""{"event":"deploy.frozen","time":"2026-11-22T20:30:00Z","by":"ann","since":"1970-01-01T00:00:00+00:00","reason":"fair week"}""", new DeployFrozen("ann", DateTimeOffset.UnixEpoch, "fair week")),
        ("""{"event":"deploy.unfrozen","time":"2026-11-22T20:30:00Z","by":"ann","wasFrozen":true}""", new DeployUnfrozen("ann", true)),
        ("""{"event":"git.pulled","time":"2026-11-22T20:30:00Z","from":"a","to":"b","commits":[{"id":"b","author":"ann","subject":"Fix"}],"count":1}""", new GitPulled("a", "b", [new PulledCommit("b", "ann", "Fix")], 1)),
        ("""{"event":"git.refused","time":"2026-11-22T20:30:00Z","cause":"The tree is dirty.","remedy":"Commit."}""", new GitRefused("The tree is dirty.", "Commit.")),
    ];

    public static TheoryData<string> Names { get; } = [.. _golden.Select(g => g.Event.GetType().Name)];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task Event_is_one_line_of_json_with_its_name_first(string name)
    {
        var (expected, happened) = _golden.Single(g => g.Event.GetType().Name == name);
        using var output = new StringWriter { NewLine = "\n" };
        new JsonEvents(output).Emit(happened with { Time = _time });

        Assert.Equal(expected + "\n", output.ToString());
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_event_has_a_golden_line()
    {
        var events = typeof(DaemonEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(DaemonEvent)));

        Assert.Equal(events.OrderBy(t => t.Name), _golden.Select(g => g.Event.GetType()).OrderBy(t => t.Name));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Exit_code_of_a_refusal_tells_a_lost_node_and_a_release_that_is_not_there_from_what_a_node_refused()
    {
        await Task.Yield();
        var refused = new ReloadRefused("main", 1, null, ["why"]);
        Assert.Equal((4, 6, 2), (ExitCode.Of(refused), ExitCode.Of(refused with { Unknown = true }), ExitCode.Of(refused with { NoSuchRelease = true })));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, typeof(ReloadCommitted), typeof(ReloadUnchanged), typeof(ReloadRehearsed), typeof(NodeStarted), typeof(NodeAdopted), typeof(RollbackFinished))]
    [InlineData(3, typeof(BuildFailed))]
    [InlineData(4, typeof(ReloadRefused), typeof(ReloadSuperseded))]
    [InlineData(5, typeof(GitRefused))]
    [InlineData(6, typeof(NodeExited))]
    public async Task Exit_code_follows_from_the_last_event(int code, params Type[] last)
    {
        Assert.All(last, type => Assert.Equal(code, ExitCode.Of(_golden.Select(g => g.Event).First(e => e.GetType() == type))));
        await Task.CompletedTask;
    }
}
