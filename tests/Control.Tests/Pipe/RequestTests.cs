namespace WatchReload.Control.Tests.Pipe;

public sealed class RequestTests
{
    private static readonly Rendezvous Body = new("a", 3, 4, "é\n");

    [Fact(Timeout = 60_000)]
    public async Task Reads_need_no_proof()
    {
        await using var pipe = await PipeFixture.Start();
        using var raw = pipe.Raw();

        Assert.Equal("hello", await raw.GetStringAsync("v1/text"));
        Assert.Equal("hello", await pipe.Client.GetText("/v1/text"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_proved_post_carries_body_and_answer()
    {
        await using var pipe = await PipeFixture.Start();

        var answer = await pipe.Client.Post("/v1/echo?x=%20y", Body, ControlJson.Default.Rendezvous, ControlJson.Default.Rendezvous);
        await pipe.Client.Post("/v1/stop");

        Assert.Equal(Body, answer);
        Assert.Equal(2, pipe.Changes);
    }

    [Fact(Timeout = 60_000)]
    public async Task Lines_arrive_one_by_one_as_they_happen()
    {
        await using var pipe = await PipeFixture.Start();

        await using var lines = await pipe.Client.PostLines("/v1/lines", Body, ControlJson.Default.Rendezvous, ControlJson.Default.Rendezvous);
        Assert.Equal("id-7", lines.Id); // the headers are here before there is a line
        await using var each = lines.GetAsyncEnumerator();
        for (var i = 1; i <= 3; i++)
        {
            pipe.Lines.Release();
            Assert.True(await each.MoveNextAsync());
            Assert.Equal(i, each.Current.Pid);
        }

        Assert.False(await each.MoveNextAsync());
    }
}
