using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Actors;
using WatchReload.Control;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Tcp;
using WatchReload.Hosting.Tests.Kernel;
using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting.Tests.Upgrading;

public sealed class TrialsTests : IDisposable
{
    private const string Content = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Other = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly StateDirectory _state = new(Directory.CreateTempSubdirectory("watchreload-trials-").FullName);
    private readonly FakeTime _time = new();

    [Fact(Timeout = 60_000)]
    public async Task What_cannot_be_written_is_told_once_a_cause_until_it_is()
    {
        var log = new Told();
        var kernel = new ActorKernel(_time, NullLogger.Instance);
        await using var listeners = new ListenerTable(kernel, NullLoggerFactory.Instance, InheritedSockets.None);
        using var trials = new Trials(new NodeServices("main", "test", _state, kernel, log), new ReleasePointers(_state, "main"), listeners);
        Directory.CreateDirectory(Path.Combine(_state.Bad, "in the way"));

        trials.Condemn(Content);
        await TriedAgain(times: 3);
        Assert.Equal([2213], log.Events);

        Directory.Delete(_state.Bad, recursive: true);
        await File.WriteAllTextAsync(_state.Bad, Other + "\n", TestContext.Current.CancellationToken);
        await using (new FileStream(_state.Bad, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            await TriedAgain(times: 3);
            Assert.Equal([2213, 2213], log.Events);
        }

        _time.Advance(Second);
        await log.Written.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal([2213, 2213, 2217], log.Events);
        Assert.Equal([Other, Content], await File.ReadAllLinesAsync(_state.Bad, TestContext.Current.CancellationToken));
    }

    /// <summary>Whoever condemns holds up reloads and the node's stop.</summary>
    [Fact(Timeout = 60_000)]
    public async Task What_another_process_keeps_from_being_written_is_not_waited_for_and_tried_again()
    {
        var log = new Told();
        var kernel = new ActorKernel(_time, NullLogger.Instance);
        await using var listeners = new ListenerTable(kernel, NullLoggerFactory.Instance, InheritedSockets.None);
        using var trials = new Trials(new NodeServices("main", "test", _state, kernel, log), new ReleasePointers(_state, "main"), listeners);
        using (FileLock.TryAcquire(_state.Bad + ".lock"))
        {
            var began = TimeProvider.System.GetTimestamp();
            trials.Condemn(Content);
            Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(9));
            Assert.Equal([2213], log.Events);
        }

        await _time.Armed(Second);
        _time.Advance(Second);

        await log.Written.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal([Content], await File.ReadAllLinesAsync(_state.Bad, TestContext.Current.CancellationToken));
    }

    /// <summary>It would fail again, now by its own policy.</summary>
    [Fact(Timeout = 60_000)]
    public async Task What_only_the_trial_has_parked_stays_so_when_the_node_stops()
    {
        await using var node = new KernelHarness(new PlainVersion(1) { Failure = new FailureOptions(FailurePolicy.ExitNode, 0, TimeSpan.FromMinutes(1)) });
        await using var listeners = new ListenerTable(node.Kernel, NullLoggerFactory.Instance, InheritedSockets.None);
        using var trials = new Trials(new NodeServices("main", "test", _state, node.Kernel, NullLogger.Instance), new ReleasePointers(_state, "main"), listeners);
        node.Kernel.OnTrial = true;
        node.Kernel.ExitRequested = static () => Assert.Fail("An operator stops it.");
        var actor = node.Spawn();
        actor.Do(_ => throw new InvalidOperationException("as told"));
        actor.Do(_ => throw new InvalidOperationException("as told"));
        await node.Until(() => actor.Cell.IsParked);

        trials.Stop();

        Assert.True(actor.Cell.IsParked);
    }

    public void Dispose() => Directory.Delete(_state.Root, recursive: true);

    /// <summary>Each try that fails waits for another second.</summary>
    private async Task TriedAgain(int times)
    {
        for (var i = 0; i < times; i++)
        {
            var waits = _time.ArmedAnew(Second);
            _time.Advance(Second);
            await waits.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    private sealed class Told : ILogger
    {
        private readonly List<int> _events = [];
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Written => _written.Task;

        public IReadOnlyList<int> Events
        {
            get
            {
                lock (_events) return [.. _events];
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_events) _events.Add(eventId.Id);
            if (logLevel == LogLevel.Information) _written.TrySetResult();
        }
    }
}
