using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Git;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Supervision;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Flow;

/// <summary>A pipeline on a tree whose node runs it, with an older release on disk.</summary>
internal sealed class PipelineBed : IAsyncDisposable
{
    private readonly BuilderHost _builder;

    private PipelineBed(Scratch scratch, FakeNode node, Release old)
    {
        (Scratch, Node, Old) = (scratch, node, old);
        Link = new NodeLink(scratch.State, "main");
        _builder = new BuilderHost(new BuilderSettings(scratch.State), TimeProvider.System, NullLogger<BuilderHost>.Instance);
        Releases = new ReleaseStore(scratch.State, TimeProvider.System, NullLogger<ReleaseStore>.Instance);
        Pipeline = Make("Debug");
    }

    public Scratch Scratch { get; }

    public EventLog Events { get; } = new();

    public ReleaseStore Releases { get; }

    public History History => new(Scratch.State, TimeProvider.System, NullLogger<History>.Instance);

    public FakeNode Node { get; }

    public NodeLink Link { get; }

    public Pipeline Pipeline { get; }

    /// <summary>Not what the node runs.</summary>
    public Release Old { get; }

    public static async Task<PipelineBed> Create()
    {
        var scratch = new Scratch();
        var old = await StagedRelease.Stage(scratch, "old");
        var now = await StagedRelease.Stage(scratch, "now");
        var inputs = new BuildInputs { Projects = [scratch.Write("src/S.csproj", "<Project />")], Files = [scratch.Write("src/A.cs", "class A;")] };
        var tree = KnownTree.Of(inputs) with { Listing = TreeListing.Of(inputs).Hash, AskedFor = KnownTree.Asked(Settings(scratch, "Debug")) };
        tree.Save(scratch.State);
        var node = await FakeNode.Start(scratch.State);
        node.Status = node.Status with { Release = now.Id, SourceHash = tree.Hash(scratch.Root)! };
        return new(scratch, node, old);
    }

    /// <summary>Its node has the tree by deltas; a build is told of at once, as there is no room for a release.</summary>
    public Pipeline OwingNode(FakeTime time)
    {
        Node.Status = Node.Status with { Deltas = 2 };
        return Make("Debug", time, minimumFreeSpace: long.MaxValue);
    }

    /// <summary>Of other settings.</summary>
    public Pipeline Make(Func<PipelineSettings, PipelineSettings> other) => new(
        other(Settings("Debug")),
        _builder,
        Releases,
        History,
        [new NodeSeat(Link, new NodeDelivery(Link, new Fence(Scratch.State, "main", TimeProvider.System), TimeProvider.System), null)],
        Events,
        TimeProvider.System,
        NullLoggerFactory.Instance);

    public Pipeline Make(string configuration, TimeProvider? time = null, long minimumFreeSpace = 0, GitCheckout? checkout = null, BuilderHost? builder = null, bool deltas = false, int keep = 10, NodeSupervisor? supervisor = null) => new(
        Settings(configuration) with { Checkout = checkout, MinimumFreeSpace = minimumFreeSpace, Deltas = deltas, Keep = keep },
        builder ?? _builder,
        Releases,
        History,
        [new NodeSeat(Link, new NodeDelivery(Link, new Fence(Scratch.State, "main", TimeProvider.System), TimeProvider.System), supervisor)],
        Events,
        time ?? TimeProvider.System,
        NullLoggerFactory.Instance);

    public PipelineSettings Settings(string configuration) => Settings(Scratch, configuration);

    private static PipelineSettings Settings(Scratch scratch, string configuration) => new() { State = scratch.State, Root = scratch.Root, Project = Path.Combine(scratch.Root, "src/S.csproj"), Configuration = configuration };

    public Task<bool> IsSettled() => Pipeline.IsSettled(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Pipeline.DisposeAsync();
        await _builder.DisposeAsync();
        Link.Dispose();
        await Node.DisposeAsync();
        Scratch.Dispose();
    }
}
