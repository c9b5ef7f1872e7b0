using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Tests.Flow;

public sealed class WhenEditsPauseTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact(Timeout = 60_000)]
    public async Task Work_is_done_when_edits_pause()
    {
        await using var later = Later();
        Schedule(later, Done);
        await _time.Waited();
        Assert.False(_begun.Task.IsCompleted);

        _time.Advance(Pause);

        await _begun.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_done_when_the_next_edit_is_quicker()
    {
        await using var later = Later();
        Schedule(later, Done);
        await _time.Waited();

        await later.Before(() =>
        {
            _time.Advance(Pause);
            later.Forget();
            return Task.FromResult("deployed");
        });
        _time.Advance(Pause);

        Assert.False(_begun.Task.IsCompleted);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_broken_off_is_done_after_the_next_pause_when_what_came_first_has_changed_nothing()
    {
        await using var later = Later();
        Schedule(later, Done);
        await _time.Waited();

        await later.Before(() => later.Before(() => Task.FromResult("a pull, and the build after it")));
        await _time.Waited();
        _time.Advance(Pause);

        await _begun.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_to_be_done_after_that_takes_the_place_of_what_was_broken_off()
    {
        await using var later = Later();
        Schedule(later, Done);
        await _time.Waited();
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await later.Before(() =>
        {
            later.Do(_ =>
            {
                next.SetResult();
                return Task.FromResult(true);
            });
            return Task.FromResult("deployed");
        });
        await _time.Waited();

        _time.Advance(Pause);

        await next.Task;
        Assert.False(_begun.Task.IsCompleted);
    }

    [Fact(Timeout = 60_000)]
    public async Task Work_under_way_is_broken_off_and_awaited_when_the_next_edit_comes()
    {
        var ended = false;
        await using var later = Later();
        Schedule(later, async cancellation =>
        {
            try
            {
                return await new TaskCompletionSource<bool>().Task.WaitAsync(cancellation);
            }
            finally
            {
                ended = true;
            }
        });
        await _time.Waited();
        _time.Advance(Pause);
        await _begun.Task;

        Assert.True(await later.Before(() => Task.FromResult(ended)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Work_under_way_gives_way_to_an_edit_that_begins_and_is_done_after_the_next_pause_when_nothing_comes_of_it()
    {
        var (tries, ended) = (0, false);
        var again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var later = Later();
        later.Do(async cancellation =>
        {
            if (++tries > 1)
            {
                again.SetResult();
                return true;
            }

            _begun.SetResult();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new TaskCompletionSource().Task.WaitAsync(cancellation));
            ended = true;
            cancellation.ThrowIfCancellationRequested();
            return true;
        });
        await _time.Waited();
        _time.Advance(Pause);
        await _begun.Task;

        await later.GiveWay();
        Assert.True(ended);
        await _time.Waited();
        _time.Advance(Pause);

        await again.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task Work_that_comes_to_its_end_though_it_is_to_give_way_is_not_done_again()
    {
        var end = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var later = Later();
        Schedule(later, _ => end.Task); // a second time it would throw
        await _time.Waited();
        _time.Advance(Pause);
        await _begun.Task;

        var way = later.GiveWay();
        end.SetResult(true);
        await way;

        later.DoIfIdle(_ =>
        {
            next.SetResult();
            return Task.FromResult(true);
        });
        await _time.Waited();
        _time.Advance(Pause);
        await next.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task Work_gives_way_three_times_and_then_comes_to_its_end()
    {
        var begun = System.Threading.Channels.Channel.CreateUnbounded<TaskCompletionSource<bool>>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var later = Later();
        later.Do(async cancellation =>
        {
            var end = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            begun.Writer.TryWrite(end);
            var isDone = await end.Task.WaitAsync(cancellation);
            done.SetResult();
            return isDone;
        });

        for (var times = 0; times < 3; times++)
        {
            await _time.Waited();
            _time.Advance(Pause);
            await begun.Reader.ReadAsync(TestContext.Current.CancellationToken);
            await later.GiveWay();
        }

        await _time.Waited();
        _time.Advance(Pause);
        var last = await begun.Reader.ReadAsync(TestContext.Current.CancellationToken);
        await later.GiveWay();
        last.SetResult(true);
        await done.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task Work_that_waits_does_not_wait_longer_for_an_edit_that_begins()
    {
        await using var later = Later();
        Schedule(later, Done);
        await _time.Waited();
        _time.Advance(Pause - TimeSpan.FromMilliseconds(1));

        await later.GiveWay();
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await _begun.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task Edit_that_comes_while_work_gives_way_awaits_the_end_of_that_and_takes_its_place()
    {
        var end = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var later = Later();
        Schedule(later, _ => end.Task);
        await _time.Waited();
        _time.Advance(Pause);
        await _begun.Task;

        var way = later.GiveWay();
        var deployed = later.Before(() =>
        {
            later.Forget();
            later.Do(_ =>
            {
                next.SetResult();
                return Task.FromResult(true);
            });
            return Task.FromResult("deployed");
        });
        Assert.False(deployed.IsCompleted);
        end.SetResult(false);
        await Task.WhenAll(way, deployed);
        await _time.Waited();
        _time.Advance(Pause);

        await next.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task What_may_wait_is_done_when_nothing_else_waits()
    {
        await using var later = Later();
        later.DoIfIdle(Begun);
        await _time.Waited();

        later.DoIfIdle(_ => throw new InvalidOperationException("One is enough."));
        _time.Advance(Pause);

        await _begun.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task What_may_wait_comes_after_what_is_being_done()
    {
        await using var later = Later();
        await later.Before(() =>
        {
            later.DoIfIdle(Begun);
            _time.Advance(Pause);
            Assert.False(_begun.Task.IsCompleted);
            return Task.FromResult("deployed");
        });
        await _time.Waited();

        _time.Advance(Pause);

        await _begun.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task What_may_wait_is_not_done_when_what_is_being_done_leaves_work_of_its_own()
    {
        await using var later = Later();
        await later.Before(() =>
        {
            later.DoIfIdle(_ => throw new InvalidOperationException("It has been overtaken."));
            later.Do(Begun);
            later.DoIfIdle(_ => throw new InvalidOperationException("It is overtaken."));
            return Task.FromResult("deployed");
        });
        await _time.Waited();

        _time.Advance(Pause);

        await _begun.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task What_could_not_be_done_is_tried_again_after_pauses_that_grow_to_sixteen_seconds()
    {
        var tries = 0;
        await using var later = Later();
        later.Do(_ =>
        {
            if (++tries < 8)
                return Task.FromResult(false);
            return Begun(CancellationToken.None);
        });

        foreach (var (pause, before) in new[] { 2, 4, 8, 16, 16, 16, 16, 16 }.Select((seconds, before) => (TimeSpan.FromSeconds(seconds), before)))
        {
            await _time.Waited();
            _time.Advance(pause - TimeSpan.FromMilliseconds(1));
            Assert.Equal(before, tries);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await _begun.Task;
    }

    private static Task<bool> Done(CancellationToken cancellation) => Task.FromResult(true);

    private Task<bool> Begun(CancellationToken cancellation)
    {
        _begun.SetResult();
        return Task.FromResult(true);
    }

    private WhenEditsPause Later() => new(run => run(CancellationToken.None), _time);

    private void Schedule(WhenEditsPause later, Func<CancellationToken, Task<bool>> work) => later.Do(cancellation =>
    {
        _begun.SetResult();
        return work(cancellation);
    });
}
