using WatchReload.Actors;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class AskTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact(Timeout = 60_000)]
    public async Task A_reply_comes_from_a_later_turn_when_the_right_to_it_was_kept()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        var kept = default(ReplyTo<string>);
        var reply = actor.Ref.Ask(new Question((question, self) =>
        {
            kept = self.ReplyLater(question);
            return default;
        }), Minute);
        actor.Do(_ => kept.Send("later"));
        Assert.Equal("later", await reply);
        await node.Until(() => node.Kernel.Asks.Count == 0);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_ask_fails_when_the_deadline_passes()
    {
        await using var node = new KernelHarness();
        var reply = node.Spawn().Ref.Ask(new Question(static (_, _) => default), Minute);
        await node.Advance(Minute);
        Assert.Equal(AskFailure.TimedOut, (await Assert.ThrowsAsync<AskException>(reply.AsTask)).Reason);
        await node.Until(() => node.Kernel.Asks.Count == 0);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_ask_fails_when_its_turn_does()
    {
        await using var node = new KernelHarness();
        var reply = node.Spawn().Ref.Ask(new Question(static (_, _) => throw new InvalidOperationException("as told")), Minute);
        var failure = await Assert.ThrowsAsync<AskException>(reply.AsTask);
        Assert.Equal(AskFailure.TurnFailed, failure.Reason);
        Assert.Contains("as told", failure.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_ask_fails_when_the_actor_stops_before_it_answers_and_when_it_had_stopped()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        var owed = actor.Ref.Ask(new Question(static (question, self) =>
        {
            self.ReplyLater(question);
            self.Stop();
            return default;
        }), Minute);
        var queued = actor.Ref.Ask(new Question(static (_, _) => default), Minute);
        Assert.Equal(AskFailure.ActorGone, (await Assert.ThrowsAsync<AskException>(owed.AsTask)).Reason);
        Assert.Equal(AskFailure.ActorGone, (await Assert.ThrowsAsync<AskException>(queued.AsTask)).Reason);
        var late = actor.Ref.Ask(new Question(static (_, _) => default), Minute);
        Assert.Equal(AskFailure.ActorGone, (await Assert.ThrowsAsync<AskException>(late.AsTask)).Reason);
        await node.Until(() => node.Kernel.Asks.Count == 0);
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_what_the_actor_still_owes_fails_when_it_stops()
    {
        await using var node = new KernelHarness();
        var (actor, other) = (node.Spawn(), node.Spawn());
        var kept = new List<ReplyTo<string>>();
        List<Task<string>> replies = [.. Enumerable.Range(0, 5).Select(_ => actor.Ref.Ask(Keeping(kept), Minute).AsTask())];
        await node.Quiet();
        replies.Add(other.Ref.Ask(Keeping(kept), Minute).AsTask());
        await node.Quiet();
        // From the ends and from the middle of what it owes.
        foreach (var answered in (int[])[2, 0, 4]) kept[answered].Send($"reply {answered}");
        actor.Do(self => self.Stop());
        foreach (var answered in (int[])[2, 0, 4]) Assert.Equal($"reply {answered}", await replies[answered]);
        foreach (var owed in (int[])[1, 3]) Assert.Equal(AskFailure.ActorGone, (await Assert.ThrowsAsync<AskException>(() => replies[owed])).Reason);
        Assert.Equal(1, node.Kernel.Asks.Open);
        kept[5].Send("reply 5");
        Assert.Equal("reply 5", await replies[5]);
        await node.Until(() => node.Kernel.Asks.Count == 0);
    }

    private static Question Keeping(List<ReplyTo<string>> kept) => new((question, self) =>
    {
        lock (kept) kept.Add(self.ReplyLater(question));
        return default;
    });

    [Fact(Timeout = 60_000)]
    public async Task A_reply_is_mapped_back_when_what_waits_for_it_is_no_actor_of_the_replaced_version()
    {
        var first = new PlainVersion(1) { Foreign = type => type == typeof(NewReply), Mapped = value => new OldReply(((NewReply)value).Text) };
        await using var node = new KernelHarness(first);
        var slot = new AskSlot<OldReply>();
        node.Kernel.Asks.Add(slot, node.Spawn().Cell, Minute);
        node.Reload(new PlainVersion(2) { Foreign = type => type == typeof(OldReply) });
        await node.Quiet();
        Assert.Equal(0, first.Actors);

        Assert.True(slot.TryComplete(new NewReply("hello")));
        Assert.Equal("hello", (await slot.Reply).Text);
    }

    /// <summary>No type tells them apart, and the newest has what the others have not.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Of_replaced_versions_that_share_the_assembly_of_a_request_the_newest_asks()
    {
        const int versions = 12;
        await using var node = new KernelHarness();
        for (var number = 2; number <= versions; number++) node.Reload(new PlainVersion(number));
        Assert.Equal(versions, node.Kernel.VersionThatAsks(new OldReply("")));

        node.Reload(new PlainVersion(versions + 1) { Foreign = type => type == typeof(OldReply) });

        Assert.Equal(versions, node.Kernel.VersionThatAsks(new OldReply("")));
        Assert.Equal(versions + 1, node.Kernel.VersionThatAsks(new NewReply("")));
    }

    private sealed record OldReply(string Text);

    private sealed record NewReply(string Text);
}
