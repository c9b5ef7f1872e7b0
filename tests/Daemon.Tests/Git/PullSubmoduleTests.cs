using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Tests.Git;

/// <summary>Of a checkout with submodules that a build may need.</summary>
public sealed class PullSubmoduleTests
{
    [Fact(Timeout = 60_000)]
    public async Task Refused_with_the_remedy_when_a_submodule_was_never_fetched_and_pulled_when_it_is()
    {
        using var sandbox = await GitSandbox.Create();
        await AddSubmodule(sandbox);
        var to = await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();

        var why = Assert.IsType<PullResult.Refused>(await sandbox.Pull()).Why;

        Assert.Contains("never fetched: libs/parts", why.Cause, StringComparison.Ordinal);
        Assert.Contains("git submodule update --init", why.Remedy, StringComparison.Ordinal);
        Assert.NotEqual(to, await sandbox.Head("live"));
        await Shell.Git(sandbox.Live, "-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init");
        Assert.Equal(to, Assert.IsType<PullResult.Pulled>(await sandbox.Pull()).To);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("update", "none")]
    [InlineData("active", "no")]
    [InlineData("active", "Off")]
    public async Task Pulled_when_the_submodule_that_was_never_fetched_is_left_out_on_purpose(string setting, string value)
    {
        using var sandbox = await GitSandbox.Create();
        await AddSubmodule(sandbox);
        await Shell.Git(sandbox.Live, "config", $"submodule.the.parts.{setting}", value);
        var to = await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();

        Assert.Equal(to, Assert.IsType<PullResult.Pulled>(await sandbox.Pull()).To);
    }

    /// <summary>Live has pulled it, by hand and without its files.</summary>
    private static async Task AddSubmodule(GitSandbox sandbox)
    {
        await Shell.Git(sandbox.Work, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "--name", "the.parts", sandbox.Origin, "libs/parts");
        await Shell.Git(sandbox.Work, "commit", "-q", "-m", "Add a submodule");
        await sandbox.Push();
        await Shell.Git(sandbox.Live, "pull", "-q", "--ff-only");
    }
}
