using WatchReload.Control;
using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting.Tests.Upgrading;

public sealed class ReleasePointersTests : IDisposable
{
    private readonly StateDirectory _state = new(Directory.CreateTempSubdirectory("watchreload-pointers-").FullName);

    public void Dispose() => Directory.Delete(_state.Root, recursive: true);

    /// <summary>All mark at the same moment, time and again.</summary>
    [Fact(Timeout = 60_000)]
    public async Task No_content_is_lost_when_nodes_mark_theirs_at_once()
    {
        string[] nodes = ["a", "b", "c", "d"];
        using var together = new Barrier(nodes.Length);

        await Task.WhenAll(nodes.Select(node => Task.Factory.StartNew(() => Mark(node, together), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Equal(nodes.SelectMany(Contents).Order(), (await File.ReadAllLinesAsync(_state.Bad, TestContext.Current.CancellationToken)).Order());
    }

    private void Mark(string node, Barrier together)
    {
        var pointers = new ReleasePointers(_state, node);
        foreach (var content in Contents(node))
        {
            together.SignalAndWait(TestContext.Current.CancellationToken);
            pointers.MarkBadAtStart(content).GetAwaiter().GetResult();
        }
    }

    private static IEnumerable<string> Contents(string node) => Enumerable.Range(0, 20).Select(i => $"{node}{i}".PadLeft(64, '0'));
}
