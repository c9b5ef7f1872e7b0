using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Hosting.Endpoint;

namespace WatchReload.Hosting.Tests.Endpoint;

/// <summary>The node's endpoint on a real socket, over a node that does as the test says.</summary>
internal sealed class EndpointFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("wr-endpoint-");
    private PipeServer _server = null!;

    private EndpointFixture() => State = new StateDirectory(Path.Combine(_parent.FullName, "state"));

    public StateDirectory State { get; }
    public string Outside => _parent.FullName;
    public FakeNode Node { get; } = new();
    public PipeClient Client { get; private set; } = null!;

    public static async Task<EndpointFixture> Start()
    {
        var fixture = new EndpointFixture();
        fixture._server = await NodeEndpoint.Start(fixture.Node, fixture.State, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        fixture.Client = new PipeClient(fixture.State, fixture.Node.Name);
        return fixture;
    }

    public ReloadRequest Request() => new()
    {
        Release = "r000042",
        Directory = State.Release("r000042"),
        ManifestHash = new string('a', 64),
        ExpectInstance = Node.Instance,
        ExpectVersion = 3,
        Fence = 7,
        Cause = "reload",
    };

    public Task<PipeLines<ReloadEvent>> Reload(ReloadRequest request, string query = "") =>
        Client.PostLines("/v1/reload" + query, request, ControlJson.Default.ReloadRequest, ControlJson.Default.ReloadEvent, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Node.MayBegin.TrySetResult();
        Node.Events.Writer.TryComplete();
        Client.Dispose();
        await _server.DisposeAsync();
        _parent.Delete(recursive: true);
    }
}
