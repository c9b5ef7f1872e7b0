namespace WatchReload.Control.Tests.Pipe.User;

public sealed class LimitedStreamTests
{
    [Fact(Timeout = 60_000)]
    public async Task An_answer_is_read_up_to_its_limit_and_not_beyond()
    {
        await using var within = new LimitedStream(new MemoryStream(new byte[2 << 20]), 2 << 20);
        await using var beyond = new LimitedStream(new MemoryStream(new byte[(2 << 20) + 1]), 2 << 20);

        await within.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        var longer = await Assert.ThrowsAsync<IOException>(() => beyond.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));

        Assert.Equal("The answer is longer than 2 MB.", longer.Message);
    }
}
