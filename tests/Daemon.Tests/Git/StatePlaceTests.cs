using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Tests.Git;

public sealed class StatePlaceTests
{
    [Fact(Timeout = 60_000)]
    public async Task Is_where_git_says_in_a_checkout_and_in_a_linked_worktree()
    {
        using var sandbox = await GitSandbox.Create();
        await Shell.Git(sandbox.Live, "worktree", "add", "-q", sandbox.At("linked"));

        foreach (var name in new[] { "live", "linked" })
            Assert.Equal((await sandbox.Checkout(name)).StatePath, StatePlace.Of(sandbox.At(name)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Is_nowhere_when_the_file_is_no_link()
    {
        using var scratch = new Scratch();
        await File.WriteAllTextAsync(Path.Combine(scratch.Root, ".git"), "gitdir, perhaps", TestContext.Current.CancellationToken);
        Assert.Null(StatePlace.Of(scratch.Root));
    }
}
