using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace WatchReload.Control.Tests.Pipe;

/// <summary>A server with routes that echo, in a state directory of its own.</summary>
internal sealed class PipeFixture : IAsyncDisposable
{
    private readonly TemporaryState _temporary = new();
    private int _changes;

    private PipeFixture()
    {
    }

    public StateDirectory State => _temporary.State;
    public PipeServer Server { get; private set; } = null!;
    public PipeClient Client { get; private set; } = null!;

    /// <summary>How often something was changed.</summary>
    public int Changes => Volatile.Read(ref _changes);

    /// <summary>Each permit lets <c>/v1/lines</c> send one line more.</summary>
    public SemaphoreSlim Lines { get; } = new(0);

    /// <summary>What <c>/v1/channel</c> sends.</summary>
    public Channel<Rendezvous> Channel { get; } = System.Threading.Channels.Channel.CreateUnbounded<Rendezvous>();

    /// <summary>A permit for each <c>/v1/late</c> that has begun.</summary>
    public SemaphoreSlim Begun { get; } = new(0);

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

    /// <summary>The server once more, under its name and with its routes, when the one before is gone.</summary>
    public async Task Restart()
    {
        await Server.DisposeAsync();
        Server = await PipeServer.Start(new PipeServerOptions { State = State, Name = "node" }, Map, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        Lines.Dispose();
        Begun.Dispose();
        _temporary.Dispose();
    }

    private void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/text", context => context.WriteText("hello"));
        routes.MapGet("/v1/throw", _ => throw new InvalidOperationException("on purpose"));
        routes.MapGet("/v1/breaking", context => context.WriteLines(Breaking(), ControlJson.Default.Rendezvous));
        routes.MapGet("/v1/channel", context => context.WriteLines(Channel.Reader, ControlJson.Default.Rendezvous, "id-8"));
        routes.MapGet("/v1/unwritable", context =>
        {
            var lines = System.Threading.Channels.Channel.CreateUnbounded<ReloadEvent>();
            Assert.True(lines.Writer.TryWrite(new ReloadEvent { Held = true }) && lines.Writer.TryWrite(new ReloadEvent { Phase = new ReloadPhase("load", double.NaN) }));
            return context.WriteLines(lines.Reader, ControlJson.Default.ReloadEvent);
        });
        routes.MapPost("/v1/stop", context =>
        {
            Interlocked.Increment(ref _changes);
            return Task.CompletedTask;
        });
        routes.MapPost("/v1/echo", async context =>
        {
            Interlocked.Increment(ref _changes);
            await context.WriteJson(await context.ReadJson(ControlJson.Default.Rendezvous), ControlJson.Default.Rendezvous);
        });
        routes.MapPost("/v1/build", async context => _ = await context.ReadJson(ControlJson.Default.BuildRequest));
        routes.MapPost("/v1/late", async context =>
        {
            Begun.Release();
            await Lines.WaitAsync(context.RequestAborted);
        });
        routes.MapPost("/v1/lines", async context =>
        {
            var body = await context.ReadJson(ControlJson.Default.Rendezvous);
            await context.WriteLines(Numbered(body.Pid, context.RequestAborted), ControlJson.Default.Rendezvous, "id-7");
        });
    }

    private static async IAsyncEnumerable<Rendezvous> Breaking()
    {
        yield return new Rendezvous("line", 1, 0, "x");
        await Task.CompletedTask;
        throw new InvalidOperationException("on purpose");
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
