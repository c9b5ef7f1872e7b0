using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Hosting;
using WatchReload.Hosting.Endpoint;

namespace WatchReload.Tests;

/// <summary>A node in this process, with releases compiled at test time, real sockets, and a state directory of its own.</summary>
internal sealed class NodeHarness : IAsyncDisposable
{
    public static readonly TimeSpan DrainDeadline = TimeSpan.FromSeconds(5);
    private readonly List<LineClient> _clients = [];
    private long _fence;

    public NodeHarness()
    {
        State = new StateDirectory(Directory.CreateTempSubdirectory("watchreload-node-").FullName);
        Releases = new ReleaseWriter(State);
    }

    public StateDirectory State { get; }

    public ReleaseWriter Releases { get; }

    public WatchReloadNode Node { get; private set; } = null!;

    public NodeStatus Status => Node.Status();

    /// <summary>Whether the node takes deltas. The test's process must have been started for it.</summary>
    public bool Deltas { private get; init; }

    /// <summary>Sockets that somebody else opened for the listeners.</summary>
    public InheritedSockets Sockets { private get; init; } = InheritedSockets.None;

    /// <summary>Where the metrics are too.</summary>
    public int? MetricsPort { private get; init; }

    /// <summary>What the node has for its clock.</summary>
    public TimeProvider Time { private get; init; } = TimeProvider.System;

    public static async Task<NodeHarness> Start(CountingService service, TimeProvider? time = null)
    {
        var harness = new NodeHarness { Time = time ?? TimeProvider.System };
        Assert.Null(await harness.StartOn(harness.Releases.Write(service.Compile())));
        return harness;
    }

    public async Task<ReloadReport?> StartOn(WrittenRelease? release, ILoggerFactory? loggers = null)
    {
        Node = new WatchReloadNode(
            new NodeOptions { State = State, Release = release?.Manifest.Id, DrainDeadline = DrainDeadline, Time = Time, Sockets = Sockets, MetricsPort = MetricsPort, Deltas = Deltas }, loggers ?? NullLoggerFactory.Instance);
        return await Node.Start();
    }

    public async Task<LineClient> Connect(string listener = "lines")
    {
        var client = await LineClient.Connect(IPEndPoint.Parse(Status.Listeners.Single(l => l.Name == listener).Endpoint));
        _clients.Add(client);
        return client;
    }

    public Task<ReloadReport> Reload(CountingService service, Func<ReloadRequest, ReloadRequest>? edit = null) => Reload(Releases.Write(service.Compile()), edit);

    public async Task<ReloadReport> Reload(WrittenRelease release, Func<ReloadRequest, ReloadRequest>? edit = null, string id = "test", bool rehearse = false, TimeSpan? hold = null)
    {
        var events = new List<ReloadEvent>();
        await foreach (var item in ((INode)Node).Reload(Request(release, edit), id, rehearse, hold, TestContext.Current.CancellationToken)) events.Add(item);
        Assert.All(events.SkipLast(1), e => Assert.True(e.Held || e.Phase is not null));
        return Assert.IsType<ReloadReport>(events[^1].Report);
    }

    public ReloadRequest Request(WrittenRelease release, Func<ReloadRequest, ReloadRequest>? edit = null)
    {
        var request = new ReloadRequest
        {
            Release = release.Manifest.Id,
            Directory = release.Directory,
            ManifestHash = release.ManifestHash,
            ExpectInstance = Node.Instance,
            ExpectVersion = Status.Version,
            Fence = Interlocked.Increment(ref _fence),
            Cause = "reload",
        };
        return edit?.Invoke(request) ?? request;
    }

    /// <summary>Waits for a condition of the status; the test's time limit is the deadline.</summary>
    public async Task Until(Func<NodeStatus, bool> condition)
    {
        while (!condition(Status))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        if (Node is not null)
        {
            await Node.StopInOrder();
            await Node.DisposeAsync();
        }

        Directory.Delete(State.Root, recursive: true);
    }
}
