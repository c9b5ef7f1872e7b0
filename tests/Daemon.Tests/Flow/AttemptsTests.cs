using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Tests.Flow;

public sealed class AttemptsTests : IAsyncLifetime
{
    private PipelineBed _bed = null!;

    public async ValueTask InitializeAsync() => _bed = await PipelineBed.Create();

    public ValueTask DisposeAsync() => _bed.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task What_a_defect_ends_is_in_the_history_and_is_no_verdict_on_the_code()
    {
        var order = new RollbackOrder { Cause = "rollback", By = "ann", Release = _bed.Old.Id };

        await Assert.ThrowsAsync<InvalidOperationException>(() => Attempts.Of(order, _bed.Pipeline).Work(new Defective(), TestContext.Current.CancellationToken));

        var entry = _bed.History.Read()[0];
        Assert.Equal(("rollback", "refused", true, "ann"), (entry.Cause, entry.Verdict, entry.Transient, entry.By));
        Assert.Equal(["It failed by a defect: InvalidOperationException: nobody foresaw it"], entry.Problems);
    }

    private sealed class Defective : IEventSink
    {
        public void Emit(DaemonEvent happened) => throw new InvalidOperationException("nobody foresaw it");
    }
}
