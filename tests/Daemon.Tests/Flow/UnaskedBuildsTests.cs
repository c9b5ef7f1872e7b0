using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Tests.Flow;

public sealed class UnaskedBuildsTests
{
    private readonly EventLog _told = new();

    [Fact]
    public void A_failure_that_is_met_again_is_told_once_and_again_after_something_else()
    {
        var builds = new UnaskedBuilds(_told);
        var (full, fuller, hung, broken) = (Failed("2 MB free", isTransient: true), Failed("17 MB free", isTransient: true), Failed("no answer", isTransient: true), Failed("; expected", isTransient: false));
        var built = new BuildFinished("r000002", "replay", null, 1) { ContentHash = "c", SourceHash = "s" };

        foreach (var happened in (DaemonEvent[])[full, fuller, hung, broken, broken, full, built, full])
        {
            builds.Emit(new BuildStarted("watch", "S.csproj", "Debug"));
            builds.Emit(happened);
        }

        Assert.Equal([full, hung, broken, full, built, full], _told.All);
    }

    private static BuildFailed Failed(string message, bool isTransient) => new("build", null, 0, [EventDiagnostic.Error(message)]) { Transient = isTransient };
}
