using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>The node is stopped in the middle of a reload.</summary>
internal static class CutShort
{
    /// <summary>Before the commit: the reload is refused, and what is on disk is what the node starts on again.</summary>
    public static async Task CommitsNothing(NodeHarness node, HeldTurn held, Task<ReloadReport> reloading)
    {
        var stopping = node.Node.StopInOrder();
        held.Release();
        Assert.True(await stopping);

        var report = await reloading;
        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Contains("The node is stopping", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal("r000001", (await File.ReadAllTextAsync(node.State.Current("main"), TestContext.Current.CancellationToken)).Trim());
        Assert.False(File.Exists(node.State.Trial("main")));
    }
}
