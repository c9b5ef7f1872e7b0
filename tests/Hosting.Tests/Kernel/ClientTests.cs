using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class ClientTests
{
    private static readonly AsyncLocal<object?> s_left = new();

    /// <summary>A framing, an Upgrade or the maker of a first state may leave something on its thread.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public Task Nothing_that_was_left_on_the_thread_is_seen_on_a_clients_behalf(bool flowIsSuppressed) => OwnThreads.Run(() =>
    {
        var client = new Client(1, "10.0.0.1");
        for (var times = 0; times < 2; times++)
        {
            s_left.Value = new object();
            if (flowIsSuppressed) ExecutionContext.SuppressFlow();
            client.Enter();
            Assert.Equal((client, null), (Client.Current, s_left.Value));
            CleanContext.Restore();
            Assert.True(CleanContext.IsCurrent);
        }
    });
}
