namespace WatchReload.Control.Tests.Pipe.User;

public sealed class LimitedStreamTests
{
    [Fact(Timeout = 60_000)]
    public async Task Stream_is_read_up_to_its_limit_and_not_beyond()
    {
        const int Most = 2 << 20;
        await using var within = new LimitedStream(new MemoryStream(new byte[Most]), Most, TooMuch);
        await using var beyond = new LimitedStream(new MemoryStream(new byte[Most + 1]), Most, TooMuch);

        await within.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        var longer = await Assert.ThrowsAsync<IOException>(() => beyond.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));

        Assert.Equal("too much", longer.Message);
        Assert.Equal(Most, within.Position);

        static Exception TooMuch() => new IOException("too much");
    }
}
