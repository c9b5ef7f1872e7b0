using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Hosting.Loading;

namespace WatchReload.Hosting.Tests.Loading;

/// <summary>Handlers of packages that fail: what calls them goes on, and the others are told.</summary>
public sealed class UpdateHandlersTests
{
    private const string ClearCache = "ClearCache", UpdateApplication = "UpdateApplication";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Theory(Timeout = 60_000)]
    [InlineData(ClearCache)]
    [InlineData(UpdateApplication)]
    public async Task One_that_throws_keeps_no_other_from_being_told(string method)
    {
        await Task.Yield();
        var type = method == ClearCache ? typeof(ClearThrows) : typeof(UpdateThrows);
        ToldHandler.When(type.Name, called =>
        {
            if (called == method) throw new InvalidOperationException("fault");
        });

        new UpdateHandlers(NullLogger.Instance, TimeProvider.System).Updated([type]);

        Assert.Equal([ClearCache, UpdateApplication], ToldHandler.ToldOther(type.Name));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(ClearCache)]
    [InlineData(UpdateApplication)]
    public async Task One_that_hangs_is_waited_for_until_the_deadline_and_called_again_when_it_has_returned(string method)
    {
        var type = method == ClearCache ? typeof(ClearHangs) : typeof(UpdateHangs);
        var (calls, entered, released) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        ToldHandler.When(type.Name, called =>
        {
            if (called != method) return;
            Interlocked.Increment(ref calls);
            entered.TrySetResult();
            released.Task.Wait();
        });
        var time = new FakeTime();
        var handlers = new UpdateHandlers(NullLogger.Instance, time);
        Task<bool> Updated() => Task.Run(() =>
        {
            handlers.Updated([type]);
            return true;
        });

        var updating = Updated();
        await entered.Task;
        await time.PassUntil(updating, Patience);
        await Updated(); // without a wait for the one that hangs

        Assert.Equal(1, Volatile.Read(ref calls));
        Assert.Equal([ClearCache, UpdateApplication, ClearCache, UpdateApplication], ToldHandler.ToldOther(type.Name));
        released.SetResult();
        while (Volatile.Read(ref calls) == 1) await Updated();
    }

    /// <summary>As when two versions retire at once.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Each_call_is_made_when_two_come_at_once()
    {
        var (entered, released, told) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(), 0);
        ToldHandler.When(nameof(FirstToGo), _ =>
        {
            entered.TrySetResult();
            released.Task.Wait();
        });
        ToldHandler.When(nameof(SecondToGo), _ => Interlocked.Increment(ref told));
        var handlers = new UpdateHandlers(NullLogger.Instance, new FakeTime());
        var first = new Thread(() => handlers.ClearCaches([typeof(FirstToGo)]));
        var second = new Thread(() => handlers.ClearCaches([typeof(SecondToGo)]));
        first.Start();
        await entered.Task;

        second.Start();
        while (second.IsAlive && !second.ThreadState.HasFlag(ThreadState.WaitSleepJoin)) await Task.Yield();
        released.SetResult();
        first.Join();
        second.Join();

        Assert.Equal(1, told);
        Assert.Equal([ClearCache], ToldHandler.ToldOther(nameof(SecondToGo)));
    }

    private sealed class FirstToGo;

    private sealed class SecondToGo;

    private sealed class ClearThrows;

    private sealed class UpdateThrows;

    private sealed class ClearHangs;

    private sealed class UpdateHangs;
}
