using System.Diagnostics;
using WatchReload.Control;
using WatchReload.EndToEnd.Tests.Support;
using WatchReload.Tests;

namespace WatchReload.EndToEnd.Tests;

/// <summary>The run scripts of <c>deploy</c>, under the supervisors that they are for, where those are installed.</summary>
[Collection(nameof(Production))]
public sealed class SupervisorTests(Production production)
{
    [Theory(Timeout = 300_000)]
    [InlineData("runit", "runsvdir", "sv", "-w", "60", "force-shutdown")]
    [InlineData("daemontools", "svscan", "svc", "-dx")]
    [InlineData("s6", "s6-svscan", "s6-svc", "-wd", "-d")]
    public async Task Node_is_kept_alive_logged_and_stopped_in_order(string supervisor, string scanner, string control, params string[] down)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        Assert.SkipUnless(path.Any(p => File.Exists(Path.Combine(p, scanner))), $"{scanner} is not installed here: apt-get install {supervisor}");
        await Production.Stop(await production.Run());
        var services = Directory.CreateTempSubdirectory("wr-").FullName;
        var node = Path.Combine(services, "node");
        await Processes.Run("cp", "-R", Path.Combine(Product.Repository, "deploy", supervisor, "node"), node);
        var logs = Directory.CreateDirectory(Path.Combine(services, ".logs")).FullName;
        Directory.CreateDirectory(Path.Combine(node, "env"));
        foreach (var (name, value) in new[] { ("CHECKOUT", production.Checkout.Root), ("STATE", production.State.Root), ("LOGS", logs), ("WATCHRELOAD", $"{production.Checkout.Dotnet} {Product.Command}"), ("NODE", Production.Node) })
            await File.WriteAllTextAsync(Path.Combine(node, "env", name), value + "\n", TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo(scanner, [services]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in production.Checkout.Environment)
            start.Environment[name] = value;
        using var scan = Process.Start(start)!;
        try
        {
            var first = await Serving(not: 0);
            Processes.Crash(first);
            var second = await Serving(not: first);
            using (var client = await production.Checkout.Connect("ann"))
                Assert.Equal("pong a 1", await client.Ask("/ping a"));
            var log = Path.Combine(logs, "current");
            await FileNews.Until(log, () => FileNews.Says(log, "listens on"), "the node's lines in the log");
            var process = ProcessIdentity.Of(second)!;
            await Processes.Run(control, [.. down, node]);
            await Processes.Ended(process, "the node");
            Assert.Null(RendezvousFile.Read(production.State, Production.Node)); // its own way out
        }
        finally
        {
            await EndAll(scan, services);
        }
    }

    private async Task<int> Serving(int not)
    {
        // A node that was killed leaves its file behind; the next one writes it anew when it serves.
        await FileNews.Until(production.State.Rendezvous(Production.Node), () => RendezvousFile.Read(production.State, Production.Node) is { } there && there.Pid != not, "a node that serves");
        using var node = new PipeClient(production.State, Production.Node);
        return (await node.Get("/v1/status", ControlJson.Default.NodeStatus, TestContext.Current.CancellationToken)).Pid;
    }

    /// <summary>The scanner first, so that it brings nothing up again; then what is supervised, and the supervisors, which nobody else would end.</summary>
    private static async Task EndAll(Process scan, string services)
    {
        scan.Kill();
        await scan.WaitForExitAsync(TestContext.Current.CancellationToken);
        foreach (var left in Process.GetProcesses().Where(p => WorkingDirectory(p.Id)?.StartsWith(services, StringComparison.Ordinal) == true))
            Processes.Crash(left.Id);
        Directory.Delete(services, recursive: true);
    }

    private static string? WorkingDirectory(int pid)
    {
        try
        {
            return new DirectoryInfo($"/proc/{pid}/cwd").ResolveLinkTarget(returnFinalTarget: false)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended, or is another's
        }
    }
}
