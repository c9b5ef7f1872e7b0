namespace WatchReload.Control.Tests.Pipe.Group;

public sealed class GroupClientTests
{
    [Fact(Timeout = 60_000)]
    public async Task Nobody_there_is_told_at_once_with_the_path()
    {
        await using var fixture = new GroupFixture();
        using var client = new GroupClient(fixture.Socket, new PipeClientOptions { ConnectTimeout = TimeSpan.FromHours(1), AnswerTimeout = TimeSpan.FromHours(1) });

        var nowhere = await Assert.ThrowsAsync<PipeException>(() => Ask(client));
        await (await fixture.Serve()).DisposeAsync(); // the directory stays
        var nobody = await Assert.ThrowsAsync<PipeException>(() => Ask(client));

        Assert.Equal((PipeFailure.NobodyListens, PipeFailure.NobodyListens), (nowhere.Failure, nobody.Failure));
        Assert.Contains($"Nobody listens at {fixture.Socket}: there is no {fixture.SocketDirectory}.", nowhere.Message, StringComparison.Ordinal);
        Assert.Contains("hook.socket", nobody.Remedy, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_is_not_the_owner_of_the_directory_is_told_nothing()
    {
        await using var fixture = await GroupFixture.Start();
        using var client = new GroupClient(fixture.Socket);

        await Elevated.Run("chown", $"{Elevated.Nobody}", fixture.SocketDirectory);
        Assert.Contains($"root listens at {fixture.Socket}, which belongs to nobody", (await Assert.ThrowsAsync<StateException>(() => Ask(client))).Message, StringComparison.Ordinal);
        await Elevated.Run("sh", "-c", $"chown 0 {fixture.SocketDirectory}; chmod 2770 {fixture.SocketDirectory}");
        Assert.Contains("Others than its owner can write to", (await Assert.ThrowsAsync<StateException>(() => Ask(client))).Message, StringComparison.Ordinal);
    }

    private static Task Ask(GroupClient client) => client.GetLines("/v1/who", ControlJson.Default.Rendezvous, TestContext.Current.CancellationToken);
}
