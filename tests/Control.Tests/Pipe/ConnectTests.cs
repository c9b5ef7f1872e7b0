using System.Net.Sockets;

namespace WatchReload.Control.Tests.Pipe;

public sealed class ConnectTests
{
    // So long that a client that waits for it, instead of failing at once, fails the test by its time limit.
    private static readonly PipeClientOptions Patient = new() { ConnectTimeout = TimeSpan.FromHours(1), AnswerTimeout = TimeSpan.FromHours(1) };

    [Fact(Timeout = 60_000)]
    public async Task A_process_that_was_never_there_is_told_at_once()
    {
        using var temporary = new TemporaryState();
        using var client = new PipeClient(temporary.State, "node", Patient);

        var nobody = await Assert.ThrowsAsync<PipeException>(() => client.GetText("/v1/status"));

        Assert.Equal(PipeFailure.NobodyListens, nobody.Failure);
        Assert.Contains(temporary.State.Rendezvous("node"), nobody.Message, StringComparison.Ordinal);
        Assert.Contains("watchreload run", nobody.Remedy, StringComparison.Ordinal);
        Assert.False(Directory.Exists(temporary.State.Root)); // asking makes nothing
    }

    [Fact(Timeout = 60_000)]
    public async Task A_process_whose_socket_is_gone_is_told_at_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Sockets are files on Unix.");
        await using var pipe = await PipeFixture.Start();
        File.Delete(pipe.Server.Address);
        using var client = new PipeClient(pipe.State, "node", Patient);

        var nobody = await Assert.ThrowsAsync<PipeException>(() => client.Post("/v1/stop"));

        Assert.Equal(PipeFailure.NobodyListens, nobody.Failure);
        Assert.Contains($"pid {Environment.ProcessId} lives, but", nobody.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"address":"relative","pid":1,"startTime":1,"instance":"i"}""")]
    public async Task A_damaged_rendezvous_is_named(string content)
    {
        await using var pipe = await PipeFixture.Start();
        DurableFile.Write(pipe.State.Rendezvous("node"), content);

        var damaged = await Assert.ThrowsAsync<StateException>(() => pipe.Client.GetText("/v1/text"));

        Assert.Contains(pipe.State.Rendezvous("node"), damaged.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_process_that_does_not_answer_is_told_at_the_deadline()
    {
        await using var pipe = await PipeFixture.Start();
        using var client = new PipeClient(pipe.State, "node", new PipeClientOptions { AnswerTimeout = TimeSpan.FromMilliseconds(200) });
        using var silent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var address = Path.Combine(pipe.State.Run, "silent.sock");
        silent.Bind(new UnixDomainSocketEndPoint(address));
        silent.Listen();
        RendezvousFile.Write(pipe.State, "node", RendezvousFile.Read(pipe.State, "node")! with { Address = address });

        var late = await Assert.ThrowsAsync<PipeException>(() => client.GetText("/v1/text"));

        Assert.Equal(PipeFailure.TimedOut, late.Failure);
        Assert.Contains("GET /v1/text within 0.2 s", late.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_process_for_which_too_many_wait_is_waited_for_and_not_absent(bool makesRoom)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the queue of a socket that nobody takes from is another.");
        await using var pipe = await PipeFixture.Start();
        using var client = new PipeClient(pipe.State, "node", new PipeClientOptions { ConnectTimeout = makesRoom ? TimeSpan.FromMinutes(1) : TimeSpan.FromMilliseconds(200), AnswerTimeout = TimeSpan.FromMinutes(1) });
        using var busy = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var address = Path.Combine(pipe.State.Run, "busy.sock");
        busy.Bind(new UnixDomainSocketEndPoint(address));
        busy.Listen(0);
        using var first = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await first.ConnectAsync(new UnixDomainSocketEndPoint(address), TestContext.Current.CancellationToken);
        RendezvousFile.Write(pipe.State, "node", RendezvousFile.Read(pipe.State, "node")! with { Address = address });

        var asked = client.GetText("/v1/text");
        if (makesRoom)
        {
            using var taken = await busy.AcceptAsync(TestContext.Current.CancellationToken);
            using var next = await busy.AcceptAsync(TestContext.Current.CancellationToken); // the client's: it has tried again
            next.Dispose();
        }

        var failed = await Assert.ThrowsAsync<PipeException>(() => asked);
        Assert.Equal(makesRoom ? PipeFailure.Lost : PipeFailure.TimedOut, failed.Failure);
        if (!makesRoom)
            Assert.Contains("did not take the connection within 0.2 s", failed.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_caller_that_gives_up_is_not_told_of_a_deadline()
    {
        await using var pipe = await PipeFixture.Start();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pipe.Client.GetText("/v1/text", cancelled.Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_socket_directory_that_others_can_write_to_is_refused_by_both_sides()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are of Unix.");
        await using var pipe = await PipeFixture.Start();
        await Elevated.Run("chmod", "777", pipe.State.Run);

        var client = await Assert.ThrowsAsync<StateException>(() => pipe.Client.GetText("/v1/text"));
        var server = await Assert.ThrowsAsync<StateException>(() => PipeServer.Start(new PipeServerOptions { State = pipe.State, Name = "other" }, _ => { }));

        Assert.Contains($"{pipe.State.Run} is open to other users", client.Message, StringComparison.Ordinal);
        Assert.Equal(client.Message, server.Message);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_socket_directory_of_another_user_is_refused_by_both_sides()
    {
        Elevated.SkipUnlessRoot();
        await using var pipe = await PipeFixture.Start();
        await Elevated.GiveAway(pipe.State.Run);

        var client = await Assert.ThrowsAsync<StateException>(() => pipe.Client.GetText("/v1/text"));
        var server = await Assert.ThrowsAsync<StateException>(() => PipeServer.Start(new PipeServerOptions { State = pipe.State, Name = "other" }, _ => { }));

        Assert.Contains($"{pipe.State.Run} belongs to uid 65534", client.Message, StringComparison.Ordinal);
        Assert.Equal(client.Message, server.Message);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_address_in_a_directory_of_another_user_is_refused()
    {
        Elevated.SkipUnlessRoot();
        await using var pipe = await PipeFixture.Start();
        var theirs = Directory.CreateDirectory(Path.Combine(pipe.State.Root, "theirs")).FullName;
        await Elevated.GiveAway(theirs);
        RendezvousFile.Write(pipe.State, "node", RendezvousFile.Read(pipe.State, "node")! with { Address = Path.Combine(theirs, "node.sock") });

        var refusal = await Assert.ThrowsAsync<StateException>(() => pipe.Client.GetText("/v1/text"));

        Assert.StartsWith(theirs, refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_peer_of_another_user_gets_no_answer_even_if_it_reaches_the_socket()
    {
        Elevated.SkipUnlessRoot();
        await using var pipe = await PipeFixture.Start();
        await Elevated.Run("chmod", "711", Path.GetDirectoryName(pipe.State.Root)!, pipe.State.Root, pipe.State.Run);
        await Elevated.Run("chmod", "666", pipe.Server.Address);
        string[] curl = ["curl", "--silent", "--show-error", "--output", "-", "--write-out", "%{http_code}", "--unix-socket", pipe.Server.Address, "http://localhost/v1/text"];

        Assert.Equal("hello200", await Elevated.Run(curl[0], curl[1..]));
        var refused = await Elevated.Run("sh", ["-c", "setpriv --reuid 65534 --regid 65534 --clear-groups \"$@\" 2>/dev/null; true", "sh", .. curl]);

        Assert.Equal("000", refused);
    }
}
