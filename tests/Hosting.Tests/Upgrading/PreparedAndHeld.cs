using WatchReload.Control;
using WatchReload.Hosting.Endpoint;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>A reload that is prepared and waits for the test to go on to the gate: what runs meanwhile is made again there.</summary>
internal sealed class PreparedAndHeld
{
    private const string Id = "prepared";
    private readonly NodeHarness _node;
    private readonly Task<ReloadReport> _report;

    private PreparedAndHeld(NodeHarness node, Task<ReloadReport> report) => (_node, _report) = (node, report);

    public static Task<PreparedAndHeld> Begin(NodeHarness node, CountingService service) => Begin(node, node.Releases.Write(service.Compile()));

    public static async Task<PreparedAndHeld> Begin(NodeHarness node, WrittenRelease release)
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var report = Run(node, release, held);
        if (await Task.WhenAny(held.Task, report) == report) Assert.Fail($"It was not held, but ended: {(await report).Verdict} {string.Join('\n', (await report).Problems)}");
        return new PreparedAndHeld(node, report);
    }

    /// <summary>On to the gate.</summary>
    public Task<ReloadReport> Commit() => Decide(commit: true);

    public Task<ReloadReport> Abort() => Decide(commit: false);

    private Task<ReloadReport> Decide(bool commit)
    {
        Assert.True(((INode)_node.Node).Decide(Id, commit));
        return _report;
    }

    private static async Task<ReloadReport> Run(NodeHarness node, WrittenRelease release, TaskCompletionSource held)
    {
        ReloadReport? report = null;
        await foreach (var item in ((INode)node.Node).Reload(node.Request(release), Id, rehearse: false, TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken))
        {
            if (item.Held) held.SetResult();
            report = item.Report;
        }

        return Assert.IsType<ReloadReport>(report);
    }
}
