using System.Net.Sockets;

namespace WatchReload.Control.Tests.Pipe.Group;

/// <summary>Real users, by setpriv: who may connect to the socket of a group, and what they can do there.</summary>
public sealed class GroupServerTests
{
    private static readonly string OfTheGroup = $"{GroupFixture.Group}";

    [Fact(Timeout = 60_000)]
    public async Task A_member_is_let_in_and_the_system_says_who_it_is()
    {
        await using var fixture = await GroupFixture.Start();

        Assert.Equal("65534 nobody 200 0", await fixture.Curl(Elevated.Nobody, OfTheGroup, "/v1/who"));
        Assert.Equal("65533 uid 65533 200 0", await fixture.Curl(65533, "7," + OfTheGroup, "/v1/who"));
        Assert.Equal("64321 uid 64321 200 0", await fixture.Curl((int)GroupFixture.Group, "", "/v1/who")); // its first group is the group
        Assert.Equal("0 root 200 0", await fixture.Curl(0, "", "/v1/who"));
        Assert.Equal("65534 nobody 200 0", await fixture.Curl(Elevated.Nobody, string.Join(',', Enumerable.Range(70_000, 200)) + "," + OfTheGroup, "/v1/who"));
        Assert.Empty(fixture.Log);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_user_without_the_group_is_kept_out_by_the_modes_and_where_those_were_opened_by_the_check()
    {
        await using var fixture = await GroupFixture.Start();

        Assert.Equal("000 7", await fixture.Curl(Elevated.Nobody, "7,8", "/v1/who")); // it cannot connect
        Assert.Empty(fixture.Log);

        await Elevated.Run("chmod", "777", fixture.SocketDirectory, fixture.Socket);
        Assert.StartsWith("000 ", await fixture.Curl(Elevated.Nobody, "7,8", "/v1/who"), StringComparison.Ordinal); // how it fails depends on how far curl came
        Assert.Equal("65534 nobody 200 0", await fixture.Curl(Elevated.Nobody, OfTheGroup, "/v1/who"));
        Assert.Contains("Refused a connection of nobody, who is not in the group 64321", Assert.Single(fixture.Log), StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("/v1/nonce")]
    [InlineData("/v1/status")]
    [InlineData("/v1/stop", "--request", "POST")]
    [InlineData("/v1/who", "--request", "POST")]
    [InlineData("/", "--request", "DELETE")]
    public async Task What_is_not_mapped_is_not_there(string target, params string[] more)
    {
        await using var fixture = await GroupFixture.Start();

        Assert.Matches(" 40[45] 0$", await fixture.Curl(Elevated.Nobody, OfTheGroup, target, more));
    }

    [Fact(Timeout = 60_000)]
    public async Task Directory_and_socket_are_the_groups_and_nothing_is_left_at_the_end()
    {
        await using var fixture = await GroupFixture.Start();

        Assert.Equal($"0 {GroupFixture.Group} 2750 0 {GroupFixture.Group} 660", (await Elevated.Run("stat", "--format", "%u %g %a", fixture.SocketDirectory, fixture.Socket)).ReplaceLineEndings(" ").Trim());
        await fixture.Server!.DisposeAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(fixture.SocketDirectory));

        // Of a killed process its socket stays.
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            left.Bind(new UnixDomainSocketEndPoint(fixture.Socket));
        await using var next = await fixture.Serve();
        Assert.Equal("65534 nobody 200 0", await fixture.Curl(Elevated.Nobody, OfTheGroup, "/v1/who"));
        var taken = await Assert.ThrowsAsync<PipeException>(() => fixture.Serve());
        Assert.Equal(PipeFailure.NameInUse, taken.Failure);
        Assert.Contains($"(pid {Environment.ProcessId})", taken.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("install -d -g 64321 -m 2770", "has the mode 02770")]
    [InlineData("install -d -g 64321 -m 0750", "has the mode 0750")]
    [InlineData("install -d -g 64321 -m 2755", "has the mode 02755")]
    [InlineData("install -d -g 7 -m 2750", "is of gid 7, not of the group")]
    [InlineData("install -d -o 65534 -g 64321 -m 2750", "belongs to uid 65534")]
    [InlineData("ln -s /tmp", "is not a directory")]
    [InlineData("touch", "is not a directory")]
    public async Task A_directory_that_is_not_as_it_must_be_is_refused_and_left_alone(string made, string why)
    {
        await using var fixture = new GroupFixture();
        await Elevated.Run("sh", "-c", $"{made} {fixture.SocketDirectory}");
        var before = await Elevated.Run("stat", "--format", "%u %g %f", fixture.SocketDirectory);

        var refusal = await Assert.ThrowsAsync<StateException>(() => fixture.Serve());

        Assert.Contains($"{fixture.SocketDirectory} of the hook's socket {why}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(fixture.SocketDirectory, refusal.Remedy + refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Elevated.Run("stat", "--format", "%u %g %f", fixture.SocketDirectory));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("chmod 777", "Other users can write to")]
    [InlineData("chown 65534", "belongs to uid 65534")]
    public async Task A_place_where_another_user_could_put_another_directory_is_refused(string change, string why)
    {
        await using var fixture = new GroupFixture();
        await Elevated.Run("sh", "-c", $"{change} {fixture.Parent}");

        Assert.Contains(why, (await Assert.ThrowsAsync<StateException>(() => fixture.Serve())).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(fixture.Parent));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_group_or_a_path_that_cannot_be_is_refused()
    {
        await using var fixture = new GroupFixture();

        Assert.Contains("no group nosuch", (await Assert.ThrowsAsync<StateException>(() => fixture.Serve(options => options with { Group = "nosuch" }))).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be the path of a socket", (await Assert.ThrowsAsync<StateException>(() => fixture.Serve(options => options with { Socket = "/run/" + new string('x', 120) }))).Message, StringComparison.Ordinal);
        Assert.Contains("There is no /nowhere", (await Assert.ThrowsAsync<StateException>(() => fixture.Serve(options => options with { Socket = "/nowhere/hook/hook.sock" }))).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Bytes_that_are_no_request_too_many_or_slow_do_no_harm()
    {
        await using var fixture = await GroupFixture.Start(options => options with { HeaderTimeout = TimeSpan.FromSeconds(1), IdleTimeout = TimeSpan.FromSeconds(1), MaxConnections = 8 });
        var slow = Enumerable.Range(0, 3).Select(_ => fixture.Say("GET /v1/who HTTP/1.1\r\nHost: loc")).ToList();
        var silent = Enumerable.Range(0, 3).Select(_ => fixture.Say("")).ToList();

        Assert.Contains(" 400 ", await fixture.Say("\x16\x03\x01 garbage\r\n\r\n"), StringComparison.Ordinal);
        Assert.Contains(" 400 ", await fixture.Say("POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 3\r\n\r\n{{{"), StringComparison.Ordinal);
        Assert.Contains(" 413 ", await fixture.Say("POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 5000\r\n\r\n{"), StringComparison.Ordinal);
        Assert.Contains(" 431 ", await fixture.Say($"GET /v1/who HTTP/1.1\r\nHost: localhost\r\nx: {new string('x', 9000)}\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal("65534 nobody 200 0", await fixture.Curl(Elevated.Nobody, OfTheGroup, "/v1/who")); // while they are there
        Assert.All(await Task.WhenAll(slow), answer => Assert.Contains(" 408 ", answer, StringComparison.Ordinal));
        Assert.All(await Task.WhenAll(silent), answer => Assert.Equal("", answer));
        Assert.Contains(" 408 ", await fixture.Say("POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 100\r\n\r\n{"), StringComparison.Ordinal); // after some five seconds
        Assert.Equal("65534 nobody 200 0", await fixture.Curl(Elevated.Nobody, OfTheGroup, "/v1/who"));
    }
}
