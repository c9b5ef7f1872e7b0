using System.Collections.Concurrent;
using WatchReload.Bench.Load;

namespace WatchReload.Bench.Tests.Load;

/// <summary>The client whole, on real sockets.</summary>
public sealed class LoadClientTests : IDisposable
{
    private readonly Server _server = new();
    private readonly LoadClient _client;
    private readonly Thread _thread;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<LoadAnswer>> _asked = new();
    private int _lastId;

    public LoadClientTests()
    {
        _client = new LoadClient(answer => _asked[answer.Id].SetResult(answer));
        _thread = new Thread(_client.Run) { IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _client.Complete();
        _thread.Join();
        _client.Dispose();
        _server.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_reply_is_counted_and_timed_when_the_service_is_right()
    {
        await Connect(20);
        var from = Clock.Now;
        await Ask("load", r => r with { Rate = 2_000 });
        await Replies(500);
        var end = await Ask("quiesce");

        Assert.Equal(0, end.Counts!.Faults);
        Assert.Equal(end.Counts.Sent, end.Counts.Replies);
        Assert.Equal(end.Counts.Replies, (await Measure(new Span(from, Clock.Now))).Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Closed_loop_keeps_every_connection_busy()
    {
        await Connect(4);
        await Ask("pump", r => r with { Depth = 8 });
        await Replies(2_000);
        var end = await Ask("quiesce");

        Assert.Equal(0, end.Counts!.Faults);
        Assert.Equal(end.Counts.Sent, end.Counts.Replies);
    }

    [Fact(Timeout = 60_000)]
    public async Task Faults_of_the_service_are_told_apart()
    {
        _server.Answer = number => number switch
        {
            3 => [],
            5 => ["pong 5 5", "pong 5 5"],
            7 => [],
            8 => ["pong 8 8", "pong 7 7"],
            9 => ["pong 9 1"],
            10 => ["what?", "pong 10 10"],
            _ => [$"pong {number} {number}"],
        };
        await Connect(1);
        await Ask("load", r => r with { Rate = 1_000 });
        await Replies(20);
        var counts = (await Ask("quiesce")).Counts!;

        Assert.Equal((1L, 1L, 1L, 1L, 1L), (counts.Gaps, counts.Duplicates, counts.OutOfOrder, counts.WrongCounts, counts.Strange));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stall_is_seen_by_every_message_that_was_due_in_it()
    {
        await Connect(1);
        await Ask("load", r => r with { Rate = 1_000 });
        await Replies(10);
        var (held, release) = (new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        _server.Wait = () =>
        {
            held.TrySetResult(Clock.Now);
            return release.Task;
        };
        var began = await held.Task;
        var sent = (await Ask("counts")).Counts!.Sent;
        while ((await Ask("counts")).Counts!.Sent < sent + 150) await Task.Yield();
        var ended = Clock.Now;
        // Between two answers the client takes a step: all that was due by now is sent.
        for (var i = 0; i < 2; i++) await Ask("counts");
        release.SetResult();
        await Ask("quiesce");

        var atStart = (await Measure(new Span(began, began))).Count;
        Assert.True(atStart >= 1); // the one that was held
        var stalled = await Measure(new Span(began, ended));
        var length = Clock.Milliseconds(ended - began);
        // An open loop went on sending: all that were due waited, one a millisecond, each for the rest of the stall.
        Assert.InRange(stalled.Count - atStart, length - 1, length + 1);
        Assert.True(stalled.P50 > 0.4 * length, $"The median is {stalled.P50} ms in a stall of {length} ms.");
    }

    [Fact(Timeout = 60_000)]
    public async Task Lost_connections_are_counted_with_what_was_open_and_made_again()
    {
        await Connect(10);
        _server.Drop();
        LoadAnswer now;
        do now = await Ask("counts");
        while (now.Counts!.Reconnected < 10);

        Assert.Equal(10, now.Counts.ConnectionsLost);
        while ((now = await Ask("counts")).Counts!.LongestOutage == 0) TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        await Ask("load", r => r with { Rate = 1_000 });
        await Replies(50);
        Assert.Equal(0, (await Ask("quiesce")).Counts!.WrongCounts);
    }

    [Fact(Timeout = 60_000)]
    public async Task Unanswered_is_told_at_the_end_of_the_patience()
    {
        _server.Answer = _ => [];
        await Connect(2);
        await Ask("load", r => r with { Rate = 1_000 });
        while ((await Ask("counts")).Counts!.Sent < 5) await Task.Yield();

        var end = await Ask("quiesce", r => r with { Seconds = 0.05 });

        Assert.Equal(end.Counts!.Sent, end.Counts.Unanswered);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_new_version_is_found_on_every_connection()
    {
        await Connect(30);
        var seek = Ask("seek", r => r with { Version = "2", Rate = 1_000 });
        await _server.VersionTold; // the old one, so that there is a last of it
        var changed = Clock.Now;
        _server.Version = "2";
        var found = (await seek).Found!;

        Assert.True(found.Complete);
        Assert.True(found.Started < found.LastOld);
        Assert.InRange(found.First, changed, found.Last);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_version_that_does_not_come_is_told_when_the_time_is_over()
    {
        await Connect(3);

        var found = (await Ask("seek", r => r with { Version = "2", Rate = 1_000, Seconds = 0.2 })).Found!;

        Assert.False(found.Complete);
        Assert.Equal(0, found.First);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_request_before_the_connections_is_refused()
    {
        Assert.Equal("connect comes first.", (await Ask("load")).Error);
    }

    private Task<LoadAnswer> Connect(int connections) => Ask("connect", r => r with { Endpoint = _server.Endpoint.ToString(), Connections = connections });

    private async Task Replies(long count)
    {
        while ((await Ask("counts")).Counts!.Replies < count) TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<LatencyFigures> Measure(Span span) =>
        (await Ask("measure", r => r with { Windows = new Dictionary<string, IReadOnlyList<Span>> { ["it"] = [span] } })).Windows["it"];

    private Task<LoadAnswer> Ask(string what, Func<LoadRequest, LoadRequest>? fill = null)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = _asked[id] = new TaskCompletionSource<LoadAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var request = new LoadRequest(id, what);
        _client.Post(fill?.Invoke(request) ?? request);
        return answer.Task.WaitAsync(TestContext.Current.CancellationToken);
    }
}
