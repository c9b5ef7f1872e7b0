using WatchReload.Control;
using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>A release that is taken elsewhere, and a process that becomes the node: as in a container, or under systemd.</summary>
[Collection(nameof(Production))]
public sealed class ContainerTests(Production production)
{
    [Fact(Timeout = 300_000)]
    public async Task Node_runs_as_the_very_process_without_sdk_or_git_and_tells_its_service_manager_how_it_is()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot become another there.");
        var image = production.Checkout.Beside("image");
        var built = await production.Checkout.Run("build", "--output", image);
        Assert.True(built.ExitCode == 0, built.ToString());
        Assert.Equal("build.finished", built.Events[^1].Name);
        using var notify = new NotifySocket();
        var state = new StateDirectory(Directory.CreateTempSubdirectory("wr-").FullName);
        try
        {
            var endpoint = Ports.Fresh();
            var nowhere = Directory.CreateDirectory(production.Checkout.Beside("container")).FullName;
            await using var run = Command.Start(
                production.Checkout.Dotnet,
                nowhere,
                new Dictionary<string, string?> { ["PATH"] = nowhere, ["Chat__Endpoint"] = endpoint.ToString(), ["NOTIFY_SOCKET"] = notify.Path, ["WATCHDOG_USEC"] = "1000000" },
                "run", "--release", image, "--state", state.Root);

            await notify.Until("READY=1");
            using var client = await ChatClient.Connect(endpoint, "ann");
            using (var node = new PipeClient(state, "main"))
            {
                var status = await node.Get("/v1/status", ControlJson.Default.NodeStatus, TestContext.Current.CancellationToken);
                Assert.Equal((run.Pid, 1), (status.Pid, status.Version));
                Assert.Equal(built.Events[^1].Text("contentHash"), status.ContentHash);
            }

            await notify.Until("WATCHDOG=1");
            run.Signal("TERM");
            await notify.Until("STOPPING=1");
            Assert.Equal(0, await run.Exit());
            Assert.Contains(notify.All, m => m.Contains("STATUS=Version 1 (", StringComparison.Ordinal));
        }
        finally
        {
            await Processes.Run("chmod", "-R", "u+w", state.Root); // releases are read-only
            Directory.Delete(state.Root, recursive: true);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Orphans_leave_no_zombies_behind_when_the_node_is_the_first_process()
    {
        var image = production.Checkout.Beside("image-of-first");
        var built = await production.Checkout.Run("build", "--output", image);
        Assert.True(built.ExitCode == 0, built.ToString());
        using var notify = new NotifySocket();
        var state = new StateDirectory(Directory.CreateTempSubdirectory("wr-").FullName);
        try
        {
            await using var container = await Container.Run(production.Checkout, new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = notify.Path, ["Chat__Endpoint"] = Ports.Fresh().ToString() }, "run", "--release", image, "--state", state.Root);
            await notify.Until("READY=1");
            using (var node = new PipeClient(state, "main"))
                Assert.Equal(1, (await node.Get("/v1/status", ControlJson.Default.NodeStatus, TestContext.Current.CancellationToken)).Pid);

            var orphan = await container.Orphan();
            Assert.Equal(1, container.ParentOf(orphan.Pid));

            orphan.End();

            await container.Gone(orphan.Pid);
        }
        finally
        {
            await Processes.Run("chmod", "-R", "u+w", state.Root); // releases are read-only
            Directory.Delete(state.Root, recursive: true);
        }
    }
}
