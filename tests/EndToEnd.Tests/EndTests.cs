using WatchReload.Control;
using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>How a node ends, and what does not end it.</summary>
[Collection(nameof(Production))]
public sealed class EndTests(Production production)
{
    [Fact(Timeout = 300_000)]
    public async Task Node_stops_in_order_and_run_exits_with_0_when_run_gets_SIGTERM()
    {
        var run = await production.Run();
        var node = RendezvousFile.Read(production.State, Production.Node)!.Process();
        using var client = await production.Checkout.Connect("ann");
        Assert.Equal("pong a 1", await client.Ask("/ping a"));

        var exitCode = await Production.Stop(run);

        Assert.Equal(0, exitCode);
        var exited = Assert.Single(run.Events.All, e => e.Name == "node.exited");
        Assert.Equal((node.Pid, 0, true), (exited.Number("pid"), exited.Number("exitCode"), exited["ordered"].GetBoolean()));
        Assert.False(node.IsAlive);
        Assert.Null(RendezvousFile.Read(production.State, Production.Node));
        Assert.Null(await client.Read());
    }

    [Fact(Timeout = 300_000)]
    public async Task Node_answers_what_it_was_sent_and_exits_with_0_and_so_does_run_when_the_node_gets_SIGTERM()
    {
        var run = await production.Run();
        var node = RendezvousFile.Read(production.State, Production.Node)!.Process();
        using var client = await production.Checkout.Connect("tom");
        Assert.Equal("pong a 1", await client.Ask("/ping a"));

        await Processes.Run("kill", "-TERM", $"{node.Pid}");

        Assert.Null(await client.Read());
        var exited = await run.Event("node.exited");
        Assert.Equal((node.Pid, 0, true), (exited.Number("pid"), exited.Number("exitCode"), exited["ordered"].GetBoolean()));
        Assert.Equal(0, await run.Exit());
        Assert.DoesNotContain(run.Events.All, e => e.Name == "node.started" && e.Number("pid") != node.Pid);
    }

    [Fact(Timeout = 300_000)]
    public async Task Node_goes_on_when_the_service_lets_an_exception_stray_on_a_thread_and_in_async_void()
    {
        var run = await production.Run();
        await using var traffic = await Traffic.Start(production.Checkout, 8);
        production.Checkout.Save(Checkout.Service + "Stray.cs", """
            namespace WatchReload.Service;

            public static class Stray
            {
                public static void Throw()
                {
                    new Thread(() => throw new InvalidOperationException("stray on a thread")).Start();
                    Later();
                }

                private static async void Later()
                {
                    await Task.Yield();
                    throw new InvalidOperationException("stray in async void");
                }
            }
            """);
        var connection = production.Checkout.Read(Checkout.Service + "Connection.cs");
        production.Checkout.Edit(Checkout.Service + "Connection.cs", ("case \"/quit\":", "case \"/stray\":\n                Stray.Throw();\n                self.WriteLine(\"thrown\");\n                break;\n            case \"/quit\":"));
        try
        {
            await production.Committed();
            var before = await production.Status();
            using var client = await production.Checkout.Connect("ann");

            Assert.Equal("thrown", await client.Ask("/stray"));

            await run.Errors.First(l => l.Contains("stray on a thread", StringComparison.Ordinal), "the thread's exception");
            await run.Errors.First(l => l.Contains("stray in async void", StringComparison.Ordinal), "async void's exception");
            await traffic.Round();
            Assert.Equal("pong a 1", await client.Ask("/ping a"));
            var after = await production.Status();
            Assert.Equal((before.Instance, before.Version), (after.Instance, after.Version));
            await traffic.Stop();
        }
        finally
        {
            production.Checkout.Save(Checkout.Service + "Connection.cs", connection);
            File.Delete(production.Checkout[Checkout.Service + "Stray.cs"]);
        }
    }
}
