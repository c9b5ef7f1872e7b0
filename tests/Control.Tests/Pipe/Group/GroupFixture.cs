using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace WatchReload.Control.Tests.Pipe.Group;

/// <summary>A server for a group that nobody is in unless the test says so, in a directory that other users can reach.</summary>
internal sealed class GroupFixture : IAsyncDisposable, ILoggerProvider, ILogger
{
    /// <summary>Has no name on any machine.</summary>
    public const uint Group = 64_321;

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("wr-group-");
    private readonly ILoggerFactory _logging;

    public GroupFixture()
    {
        Elevated.SkipUnlessRoot();
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_parent.FullName, (UnixFileMode)0b111_101_101);
        _logging = LoggerFactory.Create(logging => logging.AddProvider(this));
    }

    public string Parent => _parent.FullName;
    public string SocketDirectory => Path.Combine(Parent, "hook");
    public string Socket => Path.Combine(SocketDirectory, "hook.sock");
    public GroupServer? Server { get; private set; }

    /// <summary>Warnings and what is worse.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    public GroupServerOptions Options => new() { Socket = Socket, Group = Group.ToString(CultureInfo.InvariantCulture), Logging = _logging };

    public static async Task<GroupFixture> Start(Func<GroupServerOptions, GroupServerOptions>? with = null)
    {
        var fixture = new GroupFixture();
        fixture.Server = await fixture.Serve(with);
        return fixture;
    }

    public Task<GroupServer> Serve(Func<GroupServerOptions, GroupServerOptions>? with = null) =>
        GroupServer.Start(with?.Invoke(Options) ?? Options, Map, TestContext.Current.CancellationToken);

    /// <summary>What curl says to that user, in those groups beside its own: the body and the status; or how it failed.</summary>
    public async Task<string> Curl(int user, string groups, string target, params string[] more)
    {
        string[] who = ["--reuid", $"{user}", "--regid", $"{user}", .. groups.Length == 0 ? (string[])["--clear-groups"] : ["--groups", groups]];
        string[] curl = ["curl", "--silent", "--max-time", "20", "--write-out", " %{http_code}", "--unix-socket", Socket, .. more, "http://localhost" + target];
        return (await Elevated.Run("sh", ["-c", "setpriv \"$@\"; echo \" $?\"", "sh", .. who, .. curl])).Trim();
    }

    /// <summary>A connection of this process, which says that and then no more; all that is answered.</summary>
    public async Task<string> Say(string text)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(new NetworkStream(socket));
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
        _logging.Dispose();
        _parent.Delete(recursive: true);
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/who", context => context.WriteText(context.Features.Get<Peer>() is { } peer ? $"{peer.UserId} {peer.Name}" : "nobody knows"));
        routes.MapPost("/v1/echo", async context => await context.WriteJson(await context.ReadJson(ControlJson.Default.Rendezvous), ControlJson.Default.Rendezvous));
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => this;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Warning)
            Log.Enqueue(formatter(state, exception));
    }

    void IDisposable.Dispose()
    {
    }
}
