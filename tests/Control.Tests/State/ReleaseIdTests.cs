namespace WatchReload.Control.Tests.State;

public sealed class ReleaseIdTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(1, "r000001")]
    [InlineData(999_999, "r999999")]
    [InlineData(1_000_000, "r1000000")]
    public async Task A_number_has_one_id(long number, string id)
    {
        Assert.Equal(id, ReleaseId.Of(number));
        Assert.Equal(number, ReleaseId.Number(id));
        Assert.True(ReleaseId.IsOne(id));
        await Task.CompletedTask;
    }

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("r1")]
    [InlineData("R000001")]
    [InlineData("r0000001")]
    [InlineData("r000001\n")]
    [InlineData(" r000001")]
    [InlineData("r-00001")]
    [InlineData("r00000١")]
    [InlineData("r000001.lock")]
    [InlineData("../r000001")]
    [InlineData("r000001/../x")]
    [InlineData("r99999999999999999999")]
    public async Task What_is_written_otherwise_is_no_id(string text)
    {
        Assert.Null(ReleaseId.Number(text));
        Assert.False(ReleaseId.IsOne(text));
        await Task.CompletedTask;
    }

    [Theory(Timeout = 60_000)]
    [InlineData("12", 12L)]
    [InlineData("r12", 12L)]
    [InlineData("r000012", 12L)]
    [InlineData("r", null)]
    [InlineData("a12", null)]
    [InlineData("+12", null)]
    public async Task Whoever_asks_may_leave_out_the_letter_and_the_zeros(string asked, long? number)
    {
        Assert.Equal(number, ReleaseId.Meant(asked));
        await Task.CompletedTask;
    }
}
