using WatchReload.Hosting.Kernel;
using WatchReload.Testing;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class ReadyActorsTests
{
    private readonly VirtualTime _time = new();
    private readonly List<(IThreadPoolWorkItem Item, bool Own)> _queued = [];
    private readonly ReadyActors _ready;
    private readonly Work _actor = new();

    public ReadyActorsTests() => _ready = new ReadyActors(_time, (item, own) => _queued.Add((item, own)));

    [Fact(Timeout = 60_000)]
    public void Actors_go_to_the_queue_of_the_thread_that_woke_them()
    {
        Add(10 * ReadyActors.Between);
        Assert.Equal(10 * ReadyActors.Between, _queued.Count);
        Assert.All(_queued, queued => Assert.Equal((_actor, true), queued));
    }

    [Fact(Timeout = 60_000)]
    public void All_go_to_the_common_queue_until_what_waited_there_has_begun()
    {
        EndOwnPhase();

        Add(ReadyActors.Between);
        var turn = Assert.Single(_queued, queued => queued.Item != _actor);
        Assert.Equal((_ready, false), turn);
        Assert.All(_queued.SkipWhile(queued => queued.Item == _actor).Skip(1), queued => Assert.False(queued.Own));

        _queued.Clear();
        EndOwnPhase();
        Add(10 * ReadyActors.Between);
        Assert.All(_queued, queued => Assert.Equal((_actor, false), queued));
    }

    [Fact(Timeout = 60_000)]
    public void A_phase_of_the_own_queues_follows_and_ends_too()
    {
        EndOwnPhase();
        Add(ReadyActors.Between);
        turn().Execute();
        _queued.Clear();

        Add(ReadyActors.Between);
        Assert.All(_queued, queued => Assert.True(queued.Own));

        EndOwnPhase();
        Add(ReadyActors.Between);
        Assert.Same(_ready, turn());

        IThreadPoolWorkItem turn() => _queued.Find(queued => queued.Item != _actor).Item;
    }

    [Fact(Timeout = 60_000)]
    public void A_look_ends_the_phase_of_the_own_queues_however_few_were_added()
    {
        _ready.Look();
        Add(1);
        Assert.Equal([(_actor, true)], _queued);

        _queued.Clear();
        EndOwnPhase();
        _ready.Look();
        _ready.Look();
        Add(1);
        Assert.Equal([(_ready, false), (_actor, false)], _queued);
    }

    private void EndOwnPhase() => _time.MoveTo(_time.Elapsed + ReadyActors.OwnPhase);

    private void Add(int times)
    {
        for (var i = 0; i < times; i++) _ready.Add(_actor);
    }

    private sealed class Work : IThreadPoolWorkItem
    {
        public void Execute() => Assert.Fail("Nobody executes it.");
    }
}
