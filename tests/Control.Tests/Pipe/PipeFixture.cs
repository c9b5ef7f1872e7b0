using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace WatchReload.Control.Tests.Pipe;

/// <summary>A server with routes that echo, in a state directory of its own.</summary>
internal sealed class PipeFixture : IAsyncDisposable
{
    private readonly TemporaryState _temporary = new();

    private PipeFixture()
    {
    }

    public StateDirectory State => _temporary.State;
    public PipeServer Server { get; private set; } = null!;
    public PipeClient Client { get; private set; } = null!;

    /// <summary>How often something was changed.</summary>
    public int Changes { get; private set; }

    /// <summary>Each permit lets <c>/v1/lines</c> send one line more.</summary>
    public SemaphoreSlim Lines { get; } = new(0);

    public static async Task<PipeFixture> Start(Func<PipeServerOptions, PipeServerOptions>? with = null)
    {
        var fixture = new PipeFixture();
        var options = new PipeServerOptions { State = fixture.State, Name = "node" };
        fixture.Server = await PipeServer.Start(with?.Invoke(options) ?? options, fixture.Map, TestContext.Current.CancellationToken);
        fixture.Client = new PipeClient(fixture.State, "node");
        return fixture;
    }

    /// <summary>An HTTP client that knows nothing of cookies and rendezvous, as <c>curl --unix-socket</c> is.</summary>
    public HttpClient Raw() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) => new NetworkStream(await Connect(cancellation), ownsSocket: true),
    })
    {
        BaseAddress = new Uri("http://localhost/"),
    };

    public async Task<Socket> Connect(CancellationToken cancellation = default)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Server.Address), cancellation);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        Lines.Dispose();
        _temporary.Dispose();
    }

    private void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/text", context => context.WriteText("hello"));
        routes.MapGet("/v1/throw", _ => throw new InvalidOperationException("on purpose"));
        routes.MapPost("/v1/stop", context =>
        {
            Changes++;
            return Task.CompletedTask;
        });
        routes.MapPost("/v1/echo", async context =>
        {
            Changes++;
            await context.WriteJson(await context.ReadJson(ControlJson.Default.Rendezvous), ControlJson.Default.Rendezvous);
        });
        routes.MapPost("/v1/build", async context => _ = await context.ReadJson(ControlJson.Default.BuildRequest));
        routes.MapPost("/v1/lines", async context =>
        {
            var body = await context.ReadJson(ControlJson.Default.Rendezvous);
            await context.WriteLines(Numbered(body.Pid, context.RequestAborted), ControlJson.Default.Rendezvous, "id-7");
        });
    }

    private async IAsyncEnumerable<Rendezvous> Numbered(int count, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var i = 1; i <= count; i++)
        {
            await Lines.WaitAsync(cancellation);
            yield return new Rendezvous("line", i, 0, "x");
        }
    }
}
