using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class LookoutTests
{
    [Fact(Timeout = 60_000)]
    public void It_is_wanted_anew_when_no_thread_was_to_be_had()
    {
        var asked = 0;
        var lookout = new Lookout(() => true, () => true, _ =>
        {
            if (++asked == 1) throw new ThreadStateException("no memory for a thread");
        });

        Assert.False(lookout.TryWant());
        Assert.False(lookout.IsLooking);
        Assert.True(lookout.TryWant());
        Assert.True(lookout.IsLooking);
        Assert.True(lookout.TryWant());
        Assert.Equal(2, asked);
    }
}
