using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting.Tests.Upgrading;

public sealed class NoticesTests
{
    [Fact]
    public void Stragglers_that_nobody_has_looked_at_are_a_reason_as_well() =>
        Assert.Equal(["3 actors would have been late."], Notices.Stragglers(new Dictionary<ActorCell, LateReason>(), 3));

    [Theory]
    [InlineData(1, "And 1 more actor cannot be carried over either, or was not looked at any more.")]
    [InlineData(1234, "And 1,234 more actors cannot be carried over either, or were not looked at any more.")]
    public void Actors_that_a_refusal_does_not_name_are_counted(int count, string told) => Assert.Equal(told, Notices.MoreFailed(count));
}
