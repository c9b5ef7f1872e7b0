using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class OwnThreadsTests
{
    [Fact(Timeout = 60_000)]
    public async Task Work_runs_outside_of_the_pool_and_its_result_and_its_failure_come_back()
    {
        Assert.False(await OwnThreads.Run(() => Thread.CurrentThread.IsThreadPoolThread));
        Assert.Equal(7, await OwnThreads.Run(async () =>
        {
            await Task.Yield();
            return 7;
        }));
        var failure = new InvalidOperationException("at once");
        Assert.Same(failure, await Assert.ThrowsAsync<InvalidOperationException>(() => OwnThreads.Run(() => throw failure)));
    }

    /// <summary>Until one is met again: a thread of which that cannot be said may have ended.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Thread_that_is_done_waits_for_other_work_and_is_as_a_new_one_then()
    {
        var local = new AsyncLocal<string?>();
        var used = new HashSet<Thread>(ReferenceEqualityComparer.Instance);
        do
        {
            await OwnThreads.Run(() =>
            {
                var thread = Thread.CurrentThread;
                (local.Value, CultureInfo.CurrentCulture) = ("of another", new CultureInfo("de-DE"));
                (thread.Priority, thread.IsBackground) = (ThreadPriority.Lowest, false);
                SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
                ExecutionContext.SuppressFlow();
                thread.Interrupt();
                used.Add(thread);
            });
        }
        while (!await OwnThreads.Run(() =>
        {
            var thread = Thread.CurrentThread;
            if (!used.Contains(thread)) return false;
            Assert.True(CleanContext.IsCurrent);
            Assert.Null(local.Value);
            Assert.Equal(CultureInfo.InvariantCulture, CultureInfo.CurrentCulture);
            Assert.Equal((ThreadPriority.Normal, true), (thread.Priority, thread.IsBackground));
            using var waits = new ManualResetEventSlim();
            Assert.False(waits.Wait(1)); // is not interrupted
            return true;
        }));
    }

    /// <summary>A thread that waits keeps nothing of what it did.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Work_that_is_done_is_not_kept_in_memory()
    {
        var done = await Worked();
        while (done.IsAlive)
        {
            GC.Collect();
            await Task.Yield();
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static async Task<WeakReference> Worked()
        {
            var held = new object();
            await OwnThreads.Run(() => GC.KeepAlive(held));
            return new WeakReference(held);
        }
    }

    [Fact(Timeout = 60_000)]
    public void Every_item_is_worked_on_once()
    {
        var done = new ConcurrentQueue<int>();
        OwnThreads.ForEach(Enumerable.Range(0, 1000), done.Enqueue, CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, 1000), done.Order());
        OwnThreads.ForEach([], (int _) => Assert.Fail("There is no item."), CancellationToken.None);
    }

    [Fact(Timeout = 60_000)]
    public void First_failure_is_thrown_when_all_threads_have_ended_and_no_item_is_begun_after_it()
    {
        var begun = 0;
        var failure = Assert.Throws<InvalidOperationException>(() => OwnThreads.ForEach(
            Enumerable.Range(0, 1000),
            item =>
            {
                Interlocked.Increment(ref begun);
                throw new InvalidOperationException($"item {item}");
            },
            CancellationToken.None));
        Assert.StartsWith("item ", failure.Message, StringComparison.Ordinal);
        Assert.InRange(begun, 1, Math.Max(2, Environment.ProcessorCount));
    }

    [Fact(Timeout = 60_000)]
    public async Task Others_are_awaited_though_somebody_interrupts()
    {
        var done = 0;
        await OwnThreads.Run(() =>
        {
            var awaits = Thread.CurrentThread;
            OwnThreads.ForEach([1, 2], _ =>
            {
                if (Thread.CurrentThread != awaits)
                {
                    while (!awaits.ThreadState.HasFlag(ThreadState.WaitSleepJoin)) Thread.Yield();
                    awaits.Interrupt();
                }

                Interlocked.Increment(ref done);
            }, CancellationToken.None);
        });
        Assert.Equal(2, done);
    }

    [Fact(Timeout = 60_000)]
    public void Nothing_more_is_begun_when_it_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        var begun = 0;
        Assert.Throws<OperationCanceledException>(() => OwnThreads.ForEach(
            Enumerable.Range(0, 1000),
            _ =>
            {
                Interlocked.Increment(ref begun);
                cancelled.Cancel();
            },
            cancelled.Token));
        Assert.InRange(begun, 1, Math.Max(2, Environment.ProcessorCount));
    }
}
