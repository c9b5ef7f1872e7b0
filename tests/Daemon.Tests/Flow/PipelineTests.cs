using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Tests.Flow;

public sealed class PipelineTests : IAsyncLifetime
{
    private readonly Scratch _scratch = new();
    private readonly EventLog _events = new();
    private FakeNode _node = null!;
    private NodeLink _link = null!;
    private BuilderHost _builder = null!;
    private Pipeline _pipeline = null!;
    private Release _old = null!;
    private string _tree = null!;

    public async ValueTask InitializeAsync()
    {
        _old = await StagedRelease.Stage(_scratch, "old");
        var now = await StagedRelease.Stage(_scratch, "now");
        var tree = KnownTree.Of(new BuildInputs { Projects = [_scratch.Write("src/S.csproj", "<Project />")], Files = [_scratch.Write("src/A.cs", "class A;")] });
        tree.Save(_scratch.State);
        _tree = tree.Hash(_scratch.Root)!;
        _node = await FakeNode.Start(_scratch.State);
        _node.Status = _node.Status with { Release = now.Id, SourceHash = _tree };

        _link = new NodeLink(_scratch.State, "main");
        _builder = new BuilderHost(new BuilderSettings(_scratch.State), TimeProvider.System, NullLogger<BuilderHost>.Instance);
        _pipeline = Make("Debug");
    }

    public async ValueTask DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        await _builder.DisposeAsync();
        _link.Dispose();
        await _node.DisposeAsync();
        _scratch.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_needs_to_be_built_when_the_node_runs_the_tree()
    {
        Assert.True(await IsSettled());
        _scratch.Write("src/A.cs", "class A2;");
        Assert.False(await IsSettled());
    }

    [Fact(Timeout = 60_000)]
    public async Task Tree_is_built_when_the_node_runs_its_other_configuration()
    {
        await using var release = Make("Release");

        Assert.False(await release.IsSettled(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Tree_that_was_rolled_back_from_does_not_come_back_until_it_changes()
    {
        var verdict = await _pipeline.Rollback(new RollbackOrder { Cause = "rollback", Release = _old.Id }, _events, TestContext.Current.CancellationToken);
        _node.Status = _node.Status with { SourceHash = _old.Manifest.SourceHash };

        Assert.Equal("committed", Assert.IsType<RollbackFinished>(verdict).Verdict);
        Assert.True(await IsSettled());
        _scratch.Write("src/A.cs", "class A2;");
        Assert.False(await IsSettled());
    }

    [Fact(Timeout = 60_000)]
    public async Task Tree_is_built_when_no_node_runs_it()
    {
        await _node.DisposeAsync();
        Assert.False(await IsSettled());
    }

    [Fact(Timeout = 60_000)]
    public async Task Rollback_to_what_is_not_there_is_refused_with_the_remedy()
    {
        var verdict = await _pipeline.Rollback(new RollbackOrder { Release = "r999999" }, _events, TestContext.Current.CancellationToken);

        Assert.NotEmpty(Assert.IsType<ReloadRefused>(verdict).Problems);
        Assert.Empty(_node.Requests);
    }

    private Pipeline Make(string configuration) => new(
        new PipelineSettings { State = _scratch.State, Root = _scratch.Root, Project = Path.Combine(_scratch.Root, "src/S.csproj"), Configuration = configuration },
        _builder,
        new ReleaseStore(_scratch.State, TimeProvider.System, NullLogger<ReleaseStore>.Instance),
        new History(_scratch.State, TimeProvider.System, NullLogger<History>.Instance),
        [new NodeSeat(_link, new NodeDelivery(_link, new Fence(_scratch.State, "main", TimeProvider.System), TimeProvider.System), null)],
        _events,
        TimeProvider.System,
        NullLoggerFactory.Instance);

    private Task<bool> IsSettled() => _pipeline.IsSettled(TestContext.Current.CancellationToken);
}
