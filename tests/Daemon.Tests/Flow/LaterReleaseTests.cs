using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Tests.Flow;

public sealed class LaterReleaseTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact(Timeout = 60_000)]
    public async Task Release_is_built_when_edits_pause()
    {
        await using var later = new LaterRelease(_time);
        Schedule(later, _ => Task.CompletedTask);
        await _time.Waited();
        Assert.False(_begun.Task.IsCompleted);

        _time.Advance(Pause);

        await _begun.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task Release_is_not_built_when_the_next_edit_is_quicker()
    {
        await using var later = new LaterRelease(_time);
        Schedule(later, _ => Task.CompletedTask);
        await _time.Waited();

        Assert.True(await later.BreakOff());
        _time.Advance(Pause);

        Assert.False(_begun.Task.IsCompleted);
        Assert.False(await later.BreakOff());
    }

    [Fact(Timeout = 60_000)]
    public async Task Build_under_way_is_broken_off_and_awaited_when_the_next_edit_comes()
    {
        var ended = false;
        await using var later = new LaterRelease(_time);
        Schedule(later, async cancellation =>
        {
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellation);
            }
            finally
            {
                ended = true;
            }
        });
        await _time.Waited();
        _time.Advance(Pause);
        await _begun.Task;

        Assert.True(await later.BreakOff());

        Assert.True(ended);
    }

    private void Schedule(LaterRelease later, Func<CancellationToken, Task> work) => later.Schedule(
        run => run(CancellationToken.None),
        cancellation =>
        {
            _begun.SetResult();
            return work(cancellation);
        });
}
