using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting.Tests.Upgrading;

public sealed class DeadlineTests
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);
    private readonly FakeTime _time = new();

    [Fact(Timeout = 60_000)]
    public async Task Kept_when_the_work_ends_in_time()
    {
        var work = new TaskCompletionSource();
        var kept = Deadlines.AreKept(work.Task, Within, _time);
        _time.Advance(Within - TimeSpan.FromTicks(1));
        Assert.False(kept.IsCompleted);
        work.SetResult();
        Assert.True(await kept);
    }

    [Fact(Timeout = 60_000)]
    public async Task Not_kept_when_the_work_goes_on()
    {
        var kept = Deadlines.AreKept(new TaskCompletionSource().Task, Within, _time);
        _time.Advance(Within);
        Assert.False(await kept);
    }

    /// <summary>A time-out that the work itself has met is no deadline that was missed.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(typeof(TimeoutException), false)]
    [InlineData(typeof(TimeoutException), true)]
    [InlineData(typeof(InvalidOperationException), false)]
    [InlineData(typeof(InvalidOperationException), true)]
    [InlineData(typeof(OutOfMemoryException), false)]
    public async Task What_the_work_throws_is_thrown(Type fault, bool before)
    {
        var thrown = (Exception)Activator.CreateInstance(fault)!;
        var work = new TaskCompletionSource();
        if (before) work.SetException(thrown);
        var kept = Deadlines.AreKept(work.Task, Within, _time);
        if (!before) work.SetException(thrown);
        Assert.Same(thrown, await Record.ExceptionAsync(() => kept));
    }
}
