using System.Net.Sockets;
using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Endpoint;

public sealed class NodeEndpointTests
{
    private static readonly ReloadEvent Load = new() { Phase = new ReloadPhase("load", 1.5) };
    private static readonly ReloadEvent Last = new() { Report = new ReloadReport { Verdict = ReloadVerdict.Committed, Release = "r000042", Version = 4, PreviousVersion = 3 } };

    [Fact(Timeout = 60_000)]
    public async Task Status_and_metrics_are_the_nodes()
    {
        await using var endpoint = await EndpointFixture.Start();

        var status = await endpoint.Client.Get("/v1/status", ControlJson.Default.NodeStatus);

        Assert.Equal(("main", "run-1", 3), (status.Node, status.Instance, status.Version));
        Assert.Equal("watchreload_version 3\n", await endpoint.Client.GetText("/v1/metrics"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Stop_is_handed_on()
    {
        await using var endpoint = await EndpointFixture.Start();

        await endpoint.Client.Post("/v1/stop");

        Assert.True(endpoint.Node.Stopped);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reload_streams_each_phase_as_it_ends_and_the_report_last()
    {
        await using var endpoint = await EndpointFixture.Start();
        endpoint.Node.MayBegin.SetResult();

        await using var lines = await endpoint.Reload(endpoint.Request());
        await using var each = lines.GetAsyncEnumerator();
        endpoint.Node.Events.Writer.TryWrite(Load);
        Assert.True(await each.MoveNextAsync());
        Assert.Equal(Load.Phase, each.Current.Phase);
        endpoint.Node.Events.Writer.TryWrite(Last);
        endpoint.Node.Events.Writer.Complete();
        Assert.True(await each.MoveNextAsync());

        Assert.Equal((ReloadVerdict.Committed, 4), (each.Current.Report!.Verdict, each.Current.Report.Version));
        Assert.False(await each.MoveNextAsync());
        Assert.Equal("r000042", endpoint.Node.Request!.Release);
        Assert.Equal((false, null), (endpoint.Node.Rehearse, endpoint.Node.Hold));
    }

    [Fact(Timeout = 60_000)]
    public async Task Trials_are_told_as_they_end_and_the_answer_ends_with_them()
    {
        await using var endpoint = await EndpointFixture.Start();
        var end = new TrialEnd { Release = "r000042", Version = 4, Outcome = TrialOutcome.TakenBack, Serves = 5, Time = DateTimeOffset.UnixEpoch, Problems = ["5 actors failed"] };

        await using var lines = await endpoint.Client.GetLines("/v1/trials", ControlJson.Default.TrialEnd, TestContext.Current.CancellationToken);
        await using var each = lines.GetAsyncEnumerator();
        endpoint.Node.TrialEnds.Writer.TryWrite(end);
        Assert.True(await each.MoveNextAsync());
        Assert.Equal(end, each.Current with { Problems = end.Problems });
        Assert.Equal(end.Problems, each.Current.Problems);
        endpoint.Node.TrialEnds.Writer.Complete();

        Assert.False(await each.MoveNextAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_rehearsal_is_handed_on_as_one()
    {
        await using var endpoint = await EndpointFixture.Start();

        await using var lines = await endpoint.Reload(endpoint.Request(), "?rehearse=true");
        await endpoint.Node.Asked.Task;

        Assert.True(endpoint.Node.Rehearse);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("commit", true)]
    [InlineData("abort", false)]
    public async Task A_held_reload_is_decided_by_its_id(string decision, bool commit)
    {
        await using var endpoint = await EndpointFixture.Start();

        await using var lines = await endpoint.Reload(endpoint.Request(), "?hold=2.5");
        await endpoint.Node.Asked.Task;
        await endpoint.Client.Post($"/v1/reload/{lines.Id}/{decision}");

        Assert.Equal(TimeSpan.FromSeconds(2.5), endpoint.Node.Hold);
        Assert.Equal((lines.Id!, commit), endpoint.Node.Decision);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_decision_on_what_is_not_held_is_refused()
    {
        await using var endpoint = await EndpointFixture.Start();

        var refusal = await Assert.ThrowsAsync<PipeException>(() => endpoint.Client.Post("/v1/reload/0123/commit"));

        Assert.Equal((PipeFailure.Rejected, 404), (refusal.Failure, refusal.Status));
        Assert.Contains("0123", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reload_that_has_begun_goes_on_when_the_client_goes_away()
    {
        await using var endpoint = await EndpointFixture.Start();
        endpoint.Node.MayBegin.SetResult();
        endpoint.Node.Events.Writer.TryWrite(Load);
        await using (var lines = await endpoint.Reload(endpoint.Request()))
        {
            await using var each = lines.GetAsyncEnumerator();
            Assert.True(await each.MoveNextAsync());
        }

        endpoint.Client.Dispose(); // closes its connections

        endpoint.Node.Events.Writer.TryWrite(Last);
        endpoint.Node.Events.Writer.Complete();
        Assert.True(await endpoint.Node.Ended.Task);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reload_that_waits_for_its_turn_is_given_up_when_the_client_goes_away()
    {
        await using var endpoint = await EndpointFixture.Start();
        await using (var lines = await endpoint.Reload(endpoint.Request()))
            await endpoint.Node.Asked.Task;

        endpoint.Client.Dispose();

        Assert.False(await endpoint.Node.Ended.Task);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_defect_in_the_middle_cuts_the_answer_so_that_it_does_not_look_whole()
    {
        await using var endpoint = await EndpointFixture.Start();
        endpoint.Node.MayBegin.SetResult();
        endpoint.Node.Events.Writer.TryWrite(Load);

        await using var lines = await endpoint.Reload(endpoint.Request());
        await using var each = lines.GetAsyncEnumerator();
        Assert.True(await each.MoveNextAsync());
        endpoint.Node.Events.Writer.Complete(new SocketException());

        var lost = await Assert.ThrowsAsync<PipeException>(async () => await each.MoveNextAsync());
        Assert.Equal(PipeFailure.Lost, lost.Failure);
    }
}
