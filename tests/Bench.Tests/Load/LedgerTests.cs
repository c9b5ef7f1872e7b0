using WatchReload.Bench.Load;

namespace WatchReload.Bench.Tests.Load;

public sealed class LedgerTests
{
    private readonly Ledger _ledger = new();
    private readonly Counts _counts = new();

    [Fact(Timeout = 60_000)]
    public async Task Replies_in_order_are_right_and_give_back_when_they_were_due()
    {
        await Task.Yield();
        Ping(10, 20);

        Assert.Equal(10, _ledger.Pong(1, 1, _counts));
        Assert.Equal(20, _ledger.Pong(2, 2, _counts));
        Assert.Equal(new Counts { Replies = 2 }, _counts);
        Assert.Equal(0, _ledger.Open);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_missing_reply_is_a_gap()
    {
        await Task.Yield();
        Ping(10, 20, 30);

        Assert.Equal(30, _ledger.Pong(3, 3, _counts));

        Assert.Equal(new Counts { Replies = 1, Gaps = 2 }, _counts);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_late_reply_is_out_of_order_and_no_gap()
    {
        await Task.Yield();
        Ping(10, 20);

        _ledger.Pong(2, 2, _counts);
        Assert.Null(_ledger.Pong(1, 1, _counts));

        Assert.Equal(new Counts { Replies = 1, OutOfOrder = 1 }, _counts);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reply_again_is_a_duplicate_and_so_is_one_never_asked_for()
    {
        await Task.Yield();
        Ping(10);

        _ledger.Pong(1, 1, _counts);
        Assert.Null(_ledger.Pong(1, 1, _counts));
        Assert.Null(_ledger.Pong(99, 99, _counts));
        Assert.Null(_ledger.Version(_counts));

        Assert.Equal(new Counts { Replies = 1, Duplicates = 3 }, _counts);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_count_that_is_not_the_connections_own_is_wrong()
    {
        await Task.Yield();
        Ping(10, 20);

        _ledger.Pong(1, 1, _counts);
        _ledger.Pong(2, 1, _counts);

        Assert.Equal(new Counts { Replies = 2, WrongCounts = 1 }, _counts);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_version_question_keeps_its_place_among_pings()
    {
        await Task.Yield();
        Ping(10);
        _ledger.VersionAsked(15);
        Ping(20);

        Assert.Equal(10, _ledger.Pong(1, 1, _counts));
        Assert.Equal(15, _ledger.Version(_counts));
        Assert.Equal(20, _ledger.Pong(2, 2, _counts));
        Assert.Equal(0, _counts.Faults);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_open_when_the_connection_is_lost_is_told()
    {
        await Task.Yield();
        Ping(10, 20);
        _ledger.Pong(1, 1, _counts);

        Assert.Equal(1, _ledger.Abandon());
        Assert.Equal(0, _ledger.Open);
    }

    private void Ping(params long[] due)
    {
        foreach (var time in due) _ledger.NextPing(time);
    }
}
