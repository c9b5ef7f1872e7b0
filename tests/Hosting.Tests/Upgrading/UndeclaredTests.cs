using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>What a release declares no more, as when it was renamed, runs on until probation has passed. That is told.</summary>
public sealed class UndeclaredTests
{
    private const string Renamed = "The actor 'board' is declared no more: it is stopped, and its state is gone, when the release has passed its probation. A name is what a state is kept by: if it was only renamed, keep the old name, or hand the state on in CodeChange";

    [Fact(Timeout = 60_000)]
    public async Task An_actor_and_a_listener_that_are_declared_no_more_are_named_in_the_report()
    {
        await using var node = await NodeHarness.Start(Declaring("v1", "board", "more"));
        Assert.Empty((await node.Reload(Declaring("v2", "board", "more"))).Warnings);

        var renamed = await node.Reload(Declaring("v3", "tables", "other"));

        Assert.Equal(ReloadVerdict.Committed, renamed.Verdict);
        Assert.Equal([Renamed, "The listener 'more' is declared no more: it is stopped, and its connections are closed, when the release has passed its probation"], renamed.Warnings);
    }

    [Fact(Timeout = 60_000)]
    public async Task It_is_told_until_the_actor_has_stopped()
    {
        await using var node = await NodeHarness.Start(Declaring("v1", "board", "more"));
        Assert.Equal([Renamed], (await node.Reload(Declaring("v2", "tables", "more"))).Warnings);

        Assert.Equal([Renamed], (await node.Reload(Declaring("v3", "tables", "more"), request => request with { ProbationSeconds = 0.01 })).Warnings);

        await node.Until(status => status.Actors.Total == 1);
        Assert.Empty((await node.Reload(Declaring("v4", "tables", "more"))).Warnings);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_that_an_older_release_does_not_declare_is_named_on_the_way_back()
    {
        await using var node = await NodeHarness.Start(Declaring("v1", "board", "more"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(Declaring("v2", "tables", "other"))).Verdict);

        var back = await node.Reload(Declaring("v3", "board", "more"), request => request with { Rollback = true });

        Assert.Equal(["The release does not declare the actor 'tables': it is stopped, and its state is gone"], back.Warnings);
    }

    /// <summary>It is no circumstance that passes, and nothing that somebody else could stop.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_listener_that_is_renamed_on_its_endpoint_is_refused_with_the_name_that_has_it()
    {
        var endpoint = $"unix:{Path.Combine(Path.GetTempPath(), $"watchreload-renamed-{Guid.NewGuid():N}.sock")}";
        await using var node = await NodeHarness.Start(Declaring("v1", "board", "more", endpoint));

        var report = await node.Reload(Declaring("v2", "board", "other", endpoint));

        Assert.Equal((ReloadVerdict.Refused, false), (report.Verdict, report.Transient));
        Assert.Equal(
            $"The listener 'other' cannot have {endpoint}: the listener 'more' of this node has it until a release without it has passed its probation. Keep that name, or configure another endpoint for one release.",
            Assert.Single(report.Problems));
    }

    /// <summary>It is gone by itself when probation has passed.</summary>
    [Fact(Timeout = 60_000)]
    public async Task An_endpoint_is_refused_for_as_long_as_a_listener_has_it_that_is_declared_no_more()
    {
        var endpoint = $"unix:{Path.Combine(Path.GetTempPath(), $"watchreload-undeclared-{Guid.NewGuid():N}.sock")}";
        await using var node = await NodeHarness.Start(Declaring("v1", "board", "more", endpoint));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(Declaring("v2", "board", "other"))).Verdict);

        var report = await node.Reload(Declaring("v3", "board", "third", endpoint));

        Assert.Equal((ReloadVerdict.Refused, true), (report.Verdict, report.Transient));
        Assert.Equal(
            $"The listener 'third' cannot have {endpoint}: the listener 'more' of this node, which is declared no more, has it until probation has passed. Try again after that, or configure another endpoint.",
            Assert.Single(report.Problems));
    }

    private static CountingService Declaring(string version, string actor, string listener, string endpoint = "127.0.0.1:0") => new()
    {
        Version = version,
        Configure = $"""
            service.Actor<Board, int, string>(new ActorName<string>("{actor}"), () => 0);
            service.Listen("{listener}", "{endpoint}").Lines(4096).Accept<Conn, ConnState, ConnMessage>(_ => new ConnState(0));
            """,
        More = "public sealed class Board : Behavior<int, string> { public override ValueTask<int> Receive(int s, string m, Context self) => new(s); }",
    };
}
