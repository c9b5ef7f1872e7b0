using System.Net.Sockets;
using System.Text;

namespace WatchReload.Control.Tests.Pipe;

public sealed class ServerLifeTests
{
    [Fact(Timeout = 60_000)]
    public async Task The_rendezvous_tells_which_run_of_which_process_listens_where()
    {
        await using var pipe = await PipeFixture.Start(options => options with { Instance = "run-7" });

        var rendezvous = RendezvousFile.Read(pipe.State, "node")!;

        Assert.Equal((pipe.Server.Address, "run-7"), (rendezvous.Address, rendezvous.Instance));
        Assert.Equal(ProcessIdentity.Current, rendezvous.Process());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(pipe.Server.Address));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_left_after_an_orderly_stop()
    {
        await using var pipe = await PipeFixture.Start();
        Assert.Equal("hello", await pipe.Client.GetText("/v1/text"));

        await pipe.Server.DisposeAsync();

        if (OperatingSystem.IsLinux())
            Assert.Empty(Directory.GetFileSystemEntries(pipe.State.Run));
        Assert.Null(RendezvousFile.Read(pipe.State, "node"));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_next_server_of_the_name_is_found_by_the_same_client()
    {
        await using var pipe = await PipeFixture.Start();
        Assert.Equal("hello", await pipe.Client.GetText("/v1/text"));
        await pipe.Server.DisposeAsync();
        Assert.Equal(PipeFailure.NobodyListens, (await Assert.ThrowsAsync<PipeException>(() => pipe.Client.GetText("/v1/text"))).Failure);

        await using var next = await PipeServer.Start(new PipeServerOptions { State = pipe.State, Name = "node" }, _ => { });

        Assert.NotEmpty((await pipe.Client.Get("/v1/nonce", PipeJson.Default.NonceAnswer)).Nonce);
    }

    [Fact(Timeout = 60_000)]
    public async Task Servers_of_different_names_live_side_by_side()
    {
        await using var pipe = await PipeFixture.Start();
        await using var daemon = await PipeServer.Start(new PipeServerOptions { State = pipe.State, Name = "daemon" }, _ => { });
        using var client = new PipeClient(pipe.State, "daemon");

        Assert.NotEmpty((await client.Get("/v1/nonce", PipeJson.Default.NonceAnswer)).Nonce);
        Assert.Equal("hello", await pipe.Client.GetText("/v1/text"));
        await daemon.DisposeAsync();

        Assert.Equal("hello", await pipe.Client.GetText("/v1/text"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_second_server_of_the_name_is_refused_and_told_who_has_it()
    {
        await using var pipe = await PipeFixture.Start();

        var refusal = await Assert.ThrowsAsync<PipeException>(() => PipeServer.Start(new PipeServerOptions { State = pipe.State, Name = "node" }, _ => { }));

        Assert.Equal(PipeFailure.NameInUse, refusal.Failure);
        Assert.Contains($"(pid {Environment.ProcessId})", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("hello", await pipe.Client.GetText("/v1/text"));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_killed_process_left_behind_does_not_stand_in_the_way()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Sockets are files on Unix.");
        using var temporary = new TemporaryState();
        OwnedPath.EnsureState(temporary.State);
        LeaveSocket(temporary.State.Socket("node"));
        RendezvousFile.Write(temporary.State, "node", new Rendezvous(temporary.State.Socket("node"), int.MaxValue, 1, "killed"));
        using var client = new PipeClient(temporary.State, "node");
        var nobody = await Assert.ThrowsAsync<PipeException>(() => client.GetText("/v1/nonce"));
        Assert.Contains($"pid {int.MaxValue}, is gone", nobody.Message, StringComparison.Ordinal);

        await using var server = await PipeServer.Start(new PipeServerOptions { State = temporary.State, Name = "node" }, _ => { });

        Assert.NotEmpty(await client.GetText("/v1/nonce"));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_not_a_socket_is_not_removed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what a file is.");
        using var temporary = new TemporaryState();
        OwnedPath.EnsureState(temporary.State);
        await File.WriteAllTextAsync(temporary.State.Socket("node"), "precious");

        var refusal = await Assert.ThrowsAsync<StateException>(() => PipeServer.Start(new PipeServerOptions { State = temporary.State, Name = "node" }, _ => { }));

        Assert.Contains("is not a socket", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(temporary.State.Socket("node")));
        Assert.Null(RendezvousFile.Read(temporary.State, "node"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_path_that_is_too_long_for_a_socket_is_replaced_by_a_short_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes have no such limit.");
        using var temporary = new TemporaryState(string.Join('/', Enumerable.Repeat("äöü", 20)));
        var options = new PipeServerOptions { State = temporary.State, Name = "node" };
        await using var server = await PipeServer.Start(options, _ => { });
        await using var beside = await PipeServer.Start(options with { Name = "daemon" }, _ => { });
        using var client = new PipeClient(temporary.State, "node");

        Assert.NotEmpty(await client.GetText("/v1/nonce"));

        Assert.Matches("^/tmp/watchreload-[0-9]+/[0-9a-f]{32}[.]sock$", server.Address);
        Assert.NotEqual(server.Address, beside.Address);
        Assert.True(Encoding.UTF8.GetByteCount(server.Address) <= 100);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(server.Address)!));
        await server.DisposeAsync();
        Assert.False(File.Exists(server.Address));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData("../node")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("ä")]
    public async Task A_name_that_is_no_file_name_is_refused(string name)
    {
        using var temporary = new TemporaryState();

        await Assert.ThrowsAsync<ArgumentException>(() => PipeServer.Start(new PipeServerOptions { State = temporary.State, Name = name }, _ => { }));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_request_under_way_is_cut_off_when_the_time_to_stop_is_over()
    {
        await using var pipe = await PipeFixture.Start(options => options with { StopTimeout = TimeSpan.FromMilliseconds(100) });
        await using var lines = await pipe.Client.PostLines("/v1/lines", new Rendezvous("a", 3, 4, "i"), ControlJson.Default.Rendezvous, ControlJson.Default.Rendezvous);

        await pipe.Server.DisposeAsync();

        await using var each = lines.GetAsyncEnumerator();
        var lost = await Assert.ThrowsAsync<PipeException>(async () => await each.MoveNextAsync());
        Assert.Equal(PipeFailure.Lost, lost.Failure);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_request_under_way_is_answered_before_the_server_stops()
    {
        await using var pipe = await PipeFixture.Start(options => options with { StopTimeout = TimeSpan.FromSeconds(50) });
        await using var lines = await pipe.Client.PostLines("/v1/lines", new Rendezvous("a", 1, 4, "i"), ControlJson.Default.Rendezvous, ControlJson.Default.Rendezvous);

        var stopping = pipe.Server.DisposeAsync();
        pipe.Lines.Release();

        await using var each = lines.GetAsyncEnumerator();
        Assert.True(await each.MoveNextAsync());
        Assert.False(await each.MoveNextAsync());
        await stopping;
    }

    // A socket's file outlives a killed process; .NET removes it on an orderly close, unless it has another name by then.
    private static void LeaveSocket(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path + "-"));
        File.Move(path + "-", path);
    }
}
