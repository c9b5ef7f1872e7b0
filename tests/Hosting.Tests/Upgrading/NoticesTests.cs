using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting.Tests.Upgrading;

public sealed class NoticesTests
{
    [Fact]
    public void Stragglers_that_nobody_has_looked_at_are_a_reason_as_well() =>
        Assert.Equal(["3 actors would have been late."], Notices.Stragglers(new Dictionary<ActorCell, LateReason>(), 3));
}
