using System.Net;

namespace WatchReload.Control.Tests.Pipe;

public sealed class NonceStockTests
{
    private readonly ManualTime _time = new();
    private readonly NonceStock _stock;

    public NonceStockTests() => _stock = new NonceStock(_time);

    [Fact(Timeout = 60_000)]
    public async Task It_asks_while_there_is_room_and_keeps_no_more_than_two()
    {
        Assert.True(Asks());
        Bring("a");
        Assert.True(Asks());
        Bring("b");
        Assert.False(Asks());
        Bring("c"); // of several that had asked at a time

        Assert.Equal(("b", "c", null), (_stock.TryTake(), _stock.TryTake(), _stock.TryTake()));
        Assert.True(Asks());
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task One_grows_old_from_when_it_was_asked_for()
    {
        using var request = new HttpRequestMessage();
        var asked = _stock.Ask(request);
        _time.Advance(TimeSpan.FromSeconds(24));
        Bring("late", asked: asked);
        Bring("young");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(("young", null), (_stock.TryTake(), _stock.TryTake()));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task All_go_with_a_refusal_but_for_what_that_brings()
    {
        Bring("a");
        Bring("b", HttpStatusCode.NotFound);
        Bring("c", HttpStatusCode.Unauthorized);

        Assert.Equal(("c", null), (_stock.TryTake(), _stock.TryTake()));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task All_go_when_the_process_is_another_one()
    {
        _stock.Connected("one");
        Bring("a");
        _stock.Connected("one");
        Assert.Equal("a", _stock.TryTake());
        Bring("b");

        _stock.Connected("other");

        Assert.Null(_stock.TryTake());
        await Task.CompletedTask;
    }

    private bool Asks()
    {
        using var request = new HttpRequestMessage();
        _stock.Ask(request);
        return request.Headers.Contains(PipeRoutes.NonceHeader);
    }

    private void Bring(string nonce, HttpStatusCode status = HttpStatusCode.OK, long? asked = null)
    {
        using var answer = new HttpResponseMessage(status);
        answer.Headers.Add(PipeRoutes.NonceHeader, nonce);
        _stock.Keep(answer, asked ?? _time.GetTimestamp());
    }
}
