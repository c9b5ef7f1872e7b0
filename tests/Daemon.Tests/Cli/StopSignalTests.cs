using WatchReload.Daemon.Cli;

namespace WatchReload.Daemon.Tests.Cli;

public sealed class StopSignalTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly StopSignal _stop;

    public StopSignalTests() => _stop = new StopSignal(_time);

    public void Dispose() => _stop.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Signal_is_ignored_when_it_comes_right_after_the_first()
    {
        await Task.Yield();
        Assert.True(_stop.Take(StopReason.Interrupt));
        _time.Advance(TimeSpan.FromSeconds(0.99));

        Assert.True(_stop.Take(StopReason.Terminate));
        Assert.Equal((StopReason.Interrupt, true), (_stop.Reason, _stop.Token.IsCancellationRequested));
    }

    [Fact(Timeout = 60_000)]
    public async Task Second_signal_ends_the_process_at_once_when_it_is_no_echo()
    {
        await Task.Yield();
        Assert.True(_stop.Take(StopReason.Interrupt));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(_stop.Take(StopReason.Interrupt));
    }

    [Fact(Timeout = 60_000)]
    public async Task First_signal_ends_the_process_at_once_when_a_stop_was_requested_before()
    {
        await Task.Yield();
        Assert.True(_stop.Raise(StopReason.Terminate));

        Assert.False(_stop.Take(StopReason.Interrupt));
        Assert.Equal(StopReason.Terminate, _stop.Reason);
    }
}
