using WatchReload.Control;
using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>A node may run from a copy of the runtime.</summary>
public sealed class PrivateRuntimeTests
{
    [Fact(Timeout = 600_000)]
    public async Task Nothing_of_the_installed_runtime_is_used_by_a_node_that_has_its_own()
    {
        await using var checkout = await Checkout.Create();
        checkout.Save("watch.json", """{ "project": "src/Service/Service.csproj", "nodes": [{ "name": "main", "runtime": "private" }] }""");
        var watch = await checkout.Watch();
        using var client = await checkout.Connect("ann");
        checkout.SaveVersion("two");
        await watch.Committed();
        Assert.Equal("pong a 1", await client.Ask("/ping a"));

        var installed = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..")) + Path.DirectorySeparatorChar;
        var pid = RendezvousFile.Read(checkout.State, "main")!.Pid;
        var mapped = (await File.ReadAllLinesAsync($"/proc/{pid}/maps", TestContext.Current.CancellationToken)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(line => line.Length > 5).Select(line => line[5]).Distinct().ToArray();
        Assert.Contains(mapped, file => file.StartsWith(Path.Combine(checkout.State.Root, "runtimes") + "/", StringComparison.Ordinal) && Path.GetFileName(file) == "libcoreclr.so");
        Assert.DoesNotContain(mapped, file => file.StartsWith(installed, StringComparison.Ordinal));
    }
}
