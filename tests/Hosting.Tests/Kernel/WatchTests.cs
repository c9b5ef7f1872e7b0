using WatchReload.Actors;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class WatchTests
{
    [Fact(Timeout = 60_000)]
    public async Task Terminated_comes_once_after_the_last_message_when_a_watched_actor_stops()
    {
        await using var node = new KernelHarness();
        var (watcher, watched) = (node.Spawn(), node.Spawn());
        watcher.Do(self =>
        {
            self.Watch(watched.Ref.Id);
            self.Watch(watched.Ref.Id);
        });
        await node.Quiet();
        watched.Do(self =>
        {
            watcher.Note("last words");
            self.Stop();
        });
        await node.Until(() => watcher.Trace.Entries.Count == 3);
        await node.Quiet();
        Assert.Equal(["started New", "last words", $"terminated {watched.Ref.Id.Value} Requested"], watcher.Trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task Terminated_comes_at_once_when_the_actor_is_gone()
    {
        await using var node = new KernelHarness();
        var (watcher, watched) = (node.Spawn(), node.Spawn());
        watched.Do(self => self.Stop());
        await node.Until(() => watched.Cell.IsStopped);
        watcher.Do(self => self.Watch(watched.Ref.Id));
        await node.Quiet();
        Assert.Equal(["started New", $"terminated {watched.Ref.Id.Value} Unknown"], watcher.Trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_queued_Terminated_is_dropped_when_the_watch_is_taken_back()
    {
        await using var node = new KernelHarness();
        var (watcher, watched) = (node.Spawn(), node.Spawn());
        watcher.Do(self => self.Watch(watched.Ref.Id));
        await node.Quiet();
        var suspended = await node.Suspend(watcher);
        watcher.Do(self => self.Unwatch(watched.Ref.Id));
        watched.Do(self => self.Stop());
        await node.Until(() => watched.Cell.IsStopped);
        await suspended.Release();
        Assert.Equal(["started New"], watcher.Trace.Entries);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Linked_actors_stop_when_either_does(bool parentFirst)
    {
        await using var node = new KernelHarness();
        var (parent, child) = (node.Spawn(), new Trace());
        var spawned = new TaskCompletionSource<ActorRef<Step>>();
        parent.Do(self => spawned.SetResult(self.Spawn<Scripted, Trace, Step>(child, link: true)));
        var reference = await spawned.Task;
        await node.Quiet();
        if (parentFirst) parent.Do(self => self.Stop());
        else reference.Send(new Step((_, self) =>
        {
            self.Stop();
            return default;
        }));
        await node.Until(() => node.Kernel.Count == 0);
        Assert.Equal(["started New", parentFirst ? "stopping Requested" : "stopping LinkedActorStopped"], parent.Trace.Entries);
        Assert.Equal(["started New", parentFirst ? "stopping LinkedActorStopped" : "stopping Requested"], child.Entries);
    }
}
