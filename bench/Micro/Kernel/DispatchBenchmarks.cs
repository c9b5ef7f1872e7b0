using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Bench.Micro.Kernel;

/// <summary>From a message's sending until the end of its turn, on the node's own kernel and the thread pool. Figures are for one message.</summary>
public class DispatchBenchmarks
{
    private const int Batch = 10_000;
    private const int ManyActors = 1_000;

    private readonly Countdown _countdown = new();
    private readonly Work.Question _question = new();
    private ActorKernel _kernel = null!;
    private ActorRef<Work> _one;
    private ActorRef<Work>[] _many = [];
    private Work.Item _item = null!;
    private Work.Ball _ball = null!;

    [GlobalSetup]
    public void Start()
    {
        _kernel = new ActorKernel(TimeProvider.System, NullLogger.Instance);
        _kernel.Commit(new BenchVersion(new Worker()));
        _item = new Work.Item(_countdown);
        _one = Spawn();
        _many = [.. Enumerable.Range(0, ManyActors).Select(_ => Spawn())];
        _ball = new Work.Ball(_countdown) { To = Spawn() };
        _ball.Back = new Work.Ball(_countdown) { To = Spawn(), Back = _ball };
    }

    [GlobalCleanup]
    public void Stop()
    {
        if (!_kernel.StopAll(TimeSpan.FromMinutes(1)).GetAwaiter().GetResult()) throw new TimeoutException("Actors have not stopped.");
    }

    /// <summary>One sender, one receiver that has mail most of the time.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public void To_one_actor()
    {
        _countdown.Begin(Batch);
        for (var i = 0; i < Batch; i++) _one.Send(_item);
        _countdown.Wait();
    }

    /// <summary>One sender, and receivers that are mostly idle: each message schedules an actor.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public void To_many_actors()
    {
        _countdown.Begin(Batch);
        for (var i = 0; i < Batch; i++) _many[i % ManyActors].Send(_item);
        _countdown.Wait();
    }

    /// <summary>Two actors, one message under way: each hop is a schedule, a turn and a send.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public void To_and_fro()
    {
        _countdown.Begin(Batch);
        _ball.To.Send(_ball);
        _countdown.Wait();
    }

    /// <summary>A request from outside and its reply, one after the other.</summary>
    [Benchmark]
    public async Task<int> Ask() => await _one.Ask(_question, TimeSpan.FromMinutes(1));

    private ActorRef<Work> Spawn()
    {
        var binding = _kernel.Current.FindBehavior(BehaviorBinding.NameOf(typeof(Worker)))!;
        var cell = _kernel.Spawn(binding, ActorRole.Spawned, new WorkerState());
        cell.Wake();
        return new ActorRef<Work>(cell);
    }
}
