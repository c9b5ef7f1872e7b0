using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;

namespace WatchReload.Control.Tests.Pipe.User;

/// <summary>Real users, by setpriv: who may connect to a socket for one user, and whom a client believes.</summary>
public sealed class UserServerTests : IDisposable
{
    private const int Stranger = 65533;

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("wr-user-");
    private int _done;

    public UserServerTests()
    {
        Elevated.SkipUnlessRoot();
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_parent.FullName, (UnixFileMode)0b111_101_101);
    }

    private string Socket => Path.Combine(_parent.FullName, "run", "it.sock");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact(Timeout = 60_000)]
    public async Task One_user_is_let_in_and_neither_another_nor_root()
    {
        await using var server = await Serve(Elevated.Nobody);

        Assert.Equal("here 200 0", await Curl(Elevated.Nobody));
        Assert.StartsWith("000 ", await Curl(Stranger), StringComparison.Ordinal);
        Assert.StartsWith("000 ", await Curl(0), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_client_asks_who_listens_and_sends_nothing_to_another()
    {
        await using var server = await Serve(0);
        using var expected = new UserClient(Socket, owner: 0);
        using var mistaken = new UserClient(Socket, owner: Elevated.Nobody);

        await expected.Post("/v1/do", TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<StateException>(() => mistaken.Post("/v1/do", TestContext.Current.CancellationToken));

        Assert.Contains("root listens at", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, _done);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_client_tells_that_nobody_listens()
    {
        using var client = new UserClient(Socket, owner: 0);

        var nobody = await Assert.ThrowsAsync<PipeException>(() => client.Post("/v1/do", TestContext.Current.CancellationToken));

        Assert.Equal(PipeFailure.NobodyListens, nobody.Failure);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_socket_that_was_left_is_replaced_and_none_is_left_at_the_end()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Socket)!);
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(Socket + "-bound"));
            File.Move(Socket + "-bound", Socket); // else it goes with its socket
        }

        Assert.True(File.Exists(Socket));

        var server = await Serve(0);
        using (var client = new UserClient(Socket, owner: 0))
            await client.Post("/v1/do", TestContext.Current.CancellationToken);
        await server.DisposeAsync();

        Assert.False(File.Exists(Socket));
    }

    private Task<UserServer> Serve(long peer) => UserServer.Start(
        new UserServerOptions { Socket = Socket, Peer = peer },
        routes =>
        {
            routes.MapGet("/v1/here", context => context.WriteText("here"));
            routes.MapPost("/v1/do", _ => Do());
        },
        TestContext.Current.CancellationToken);

    private Task Do()
    {
        _done++;
        return Task.CompletedTask;
    }

    private async Task<string> Curl(int user)
    {
        string[] who = ["--reuid", $"{user}", "--regid", $"{user}", "--clear-groups"];
        string[] curl = ["curl", "--silent", "--max-time", "20", "--write-out", " %{http_code}", "--unix-socket", Socket, "http://localhost/v1/here"];
        return (await Elevated.Run("sh", ["-c", "setpriv \"$@\"; echo \" $?\"", "sh", .. who, .. curl])).Trim();
    }
}
