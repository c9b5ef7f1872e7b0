using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class FailurePolicyTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact(Timeout = 60_000)]
    public async Task An_actor_is_parked_with_its_mail_and_goes_on_after_a_reload_when_the_policy_is_Park()
    {
        await using var node = Node(FailurePolicy.Park);
        var actor = node.Spawn();
        FailTwice(actor);
        actor.Note("kept");
        await node.Until(() => actor.Cell.IsParked);
        Assert.NotNull(actor.Cell.ParkedNotice);
        Assert.Equal(["started New"], actor.Trace.Entries);

        node.Reload(new PlainVersion(2));
        await node.Quiet();
        Assert.Equal(["started New", "started CodeChanged", "kept"], actor.Trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_named_actor_starts_from_its_first_state_when_the_policy_is_Restart()
    {
        await using var node = Node(FailurePolicy.Restart);
        var actor = node.Spawn("index");
        FailTwice(actor);
        actor.Note("kept");
        await node.Until(() => ((PlainVersion)node.Kernel.Current).Restarted.Entries.Count == 2);
        Assert.Equal(["started Restarted", "kept"], ((PlainVersion)node.Kernel.Current).Restarted.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_without_a_name_stops_when_the_policy_is_Restart()
    {
        await using var node = Node(FailurePolicy.Restart);
        var actor = node.Spawn();
        FailTwice(actor);
        await node.Until(() => actor.Cell.IsStopped);
        Assert.Equal(StopReason.Failed, actor.Cell.StoppedFor);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_node_is_asked_to_end_when_the_policy_is_ExitNode()
    {
        await using var node = Node(FailurePolicy.ExitNode);
        var asked = new TaskCompletionSource();
        node.Kernel.ExitRequested = asked.SetResult;
        FailTwice(node.Spawn());
        await asked.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_policy_parks_when_a_version_is_on_trial()
    {
        await using var node = Node(FailurePolicy.ExitNode);
        node.Kernel.OnTrial = true;
        node.Kernel.ExitRequested = static () => Assert.Fail("The policy holds no more.");
        var actor = node.Spawn("index");
        FailTwice(actor);
        await node.Until(() => actor.Cell.IsParked);
    }

    /// <summary>Nothing else would take it out but the next reload.</summary>
    [Fact(Timeout = 60_000)]
    public async Task What_only_the_trial_has_parked_goes_on_when_that_ends_and_its_own_policy_holds_again()
    {
        await using var node = Node(FailurePolicy.Restart);
        node.Kernel.OnTrial = true;
        var actor = node.Spawn("index");
        FailTwice(actor);
        actor.Note("kept");
        await node.Until(() => actor.Cell.IsParked);

        node.Kernel.EndTrial();
        await node.Quiet();
        Assert.Equal(["started New", "kept"], actor.Trace.Entries);

        FailTwice(actor);
        await node.Until(() => ((PlainVersion)node.Kernel.Current).Restarted.Entries is ["started Restarted"]);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_parked_by_its_own_policy_stays_so_when_a_trial_ends()
    {
        await using var node = Node(FailurePolicy.Park);
        node.Kernel.OnTrial = true;
        var actor = node.Spawn();
        FailTwice(actor);
        await node.Until(() => actor.Cell.IsParked);

        node.Kernel.EndTrial();
        await node.Quiet();

        Assert.True(actor.Cell.IsParked);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_goes_on_when_its_failures_are_further_apart_than_the_policy_says()
    {
        await using var node = Node(FailurePolicy.Stop);
        var actor = node.Spawn();
        for (var i = 0; i < 5; i++)
        {
            actor.Do(_ => throw new InvalidOperationException("as told"));
            await node.Advance(2 * Minute);
        }

        actor.Note("alive");
        await node.Quiet();
        Assert.Equal(["started New", "alive"], actor.Trace.Entries);
    }

    private static KernelHarness Node(FailurePolicy policy) => new(new PlainVersion(1) { Failure = new FailureOptions(policy, 1, Minute) });

    private static void FailTwice(Actor actor)
    {
        for (var i = 0; i < 2; i++) actor.Do(_ => throw new InvalidOperationException("as told"));
    }
}
