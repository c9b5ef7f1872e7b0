using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Tests.Git;

public sealed class GitCheckoutTests
{
    [Fact(Timeout = 60_000)]
    public async Task Found_from_any_directory_in_it()
    {
        using var sandbox = await GitSandbox.Create();
        Directory.CreateDirectory(sandbox.At("live/a/b"));
        var checkout = await sandbox.Checkout("live/a/b");
        Assert.Equal(sandbox.Live, checkout.Root);
        Assert.Equal(Path.Combine(sandbox.Live, ".git", "watchreload"), checkout.StatePath);
    }

    [Fact(Timeout = 60_000)]
    public async Task State_and_signs_of_a_linked_worktree_are_its_own()
    {
        using var sandbox = await GitSandbox.Create();
        await Shell.Git(sandbox.Work, "worktree", "add", "-q", "-b", "side", sandbox.At("side"));
        var side = await sandbox.Checkout("side");
        Assert.Equal(sandbox.At("side"), side.Root);
        Assert.Equal(sandbox.At("work/.git/worktrees/side/watchreload"), side.StatePath);

        await File.WriteAllTextAsync(sandbox.At("work/.git/index.lock"), "");
        Assert.Equal("index.lock", (await sandbox.Checkout("work")).BusyWith());
        Assert.Null(side.BusyWith());
        await File.WriteAllTextAsync(sandbox.At("work/.git/worktrees/side/index.lock"), "");
        Assert.Equal("index.lock", side.BusyWith());
    }

    [Fact(Timeout = 60_000)]
    public async Task Busy_while_a_submodule_is()
    {
        using var sandbox = await GitSandbox.Create();
        var checkout = await sandbox.Checkout("work");
        Directory.CreateDirectory(sandbox.At("work/.git/modules/libs/one/modules/two"));
        foreach (var module in new[] { "libs/one", "libs/one/modules/two" })
            await File.WriteAllTextAsync(sandbox.At($"work/.git/modules/{module}/HEAD"), "ref: refs/heads/main");
        Assert.Null(checkout.BusyWith());
        await File.WriteAllTextAsync(sandbox.At("work/.git/modules/libs/one/modules/two/index.lock"), "");
        Assert.Equal("index.lock", checkout.BusyWith());
    }

    [Fact(Timeout = 60_000)]
    public async Task Not_a_checkout_when_there_is_no_repository_or_a_bare_one()
    {
        using var sandbox = await GitSandbox.Create();
        Directory.CreateDirectory(sandbox.At("plain"));
        foreach (var name in new[] { "plain", "origin.git", "work/.git", "absent" })
        {
            var missing = Assert.IsType<GitLookup.NotACheckout>(await GitCheckout.Find(sandbox.At(name), sandbox.Command, TestContext.Current.CancellationToken));
            Assert.Contains(name, missing.Why.Cause);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Told_to_install_git_when_there_is_none()
    {
        using var sandbox = await GitSandbox.Create();
        var git = new GitCommand(TimeProvider.System, "git-that-is-nowhere");
        var missing = Assert.IsType<GitLookup.NoGit>(await GitCheckout.Find(sandbox.Live, git, TestContext.Current.CancellationToken));
        Assert.Contains("Install git", missing.Why.Remedy);
    }

    [Fact(Timeout = 60_000)]
    public async Task Told_to_trust_it_when_it_belongs_to_somebody_else()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            Assert.Skip("Only root can give files away");
        using var sandbox = await GitSandbox.Create();
        await Shell.Run(sandbox.Root, "chown", "-R", "12345:12345", "live");
        var missing = Assert.IsType<GitLookup.ForeignOwned>(await GitCheckout.Find(sandbox.Live, sandbox.Command, TestContext.Current.CancellationToken));
        Assert.Contains(sandbox.Live, missing.Why.Cause);
        Assert.Contains($"git config --global --add safe.directory '{sandbox.Live}'", missing.Why.Remedy);
    }

    [Fact(Timeout = 60_000)]
    public async Task Head_names_commit_and_branch_as_far_as_there_are_any()
    {
        using var sandbox = await GitSandbox.Create();
        var commit = await sandbox.Head("live");
        var token = TestContext.Current.CancellationToken;
        Assert.Equal(new GitHead(commit, "main"), await (await sandbox.Checkout()).Head(token));
        await Shell.Git(sandbox.Live, "checkout", "-q", "--detach");
        Assert.Equal(new GitHead(commit, null), await (await sandbox.Checkout()).Head(token));
        await sandbox.Init("empty");
        Assert.Equal(new GitHead(null, "main"), await (await sandbox.Checkout("empty")).Head(token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Clean_only_when_the_tree_is_the_commit_and_nothing_else()
    {
        using var sandbox = await GitSandbox.Create();
        await sandbox.Commit("live", ".gitignore", "ignored\n");
        var checkout = await sandbox.Checkout();
        var token = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(sandbox.At("live/ignored"), "1");
        Assert.True(await checkout.IsClean(token));
        await File.WriteAllTextAsync(sandbox.At("live/new name\nwith a line"), "1");
        Assert.False(await checkout.IsClean(token));
        File.Delete(sandbox.At("live/new name\nwith a line"));
        await File.WriteAllTextAsync(sandbox.At("live/a.cs"), "changed");
        Assert.False(await checkout.IsClean(token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Leaves_the_index_alone_when_it_asks_for_the_status()
    {
        using var sandbox = await GitSandbox.Create();
        File.SetLastWriteTimeUtc(sandbox.At("live/a.cs"), DateTime.UnixEpoch);
        var index = await File.ReadAllBytesAsync(sandbox.At("live/.git/index"));
        Assert.True(await (await sandbox.Checkout()).IsClean(TestContext.Current.CancellationToken));
        Assert.Equal(index, await File.ReadAllBytesAsync(sandbox.At("live/.git/index")));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("a rebase", "rebase", "side")]
    [InlineData("a merge", "merge", "side")]
    [InlineData("a cherry-pick", "cherry-pick", "side")]
    public async Task Busy_when_a_conflict_stops_git_halfway(string sign, params string[] command)
    {
        using var sandbox = await GitSandbox.Create();
        await Shell.Git(sandbox.Work, "switch", "-q", "-c", "side");
        await sandbox.Commit("work", "a.cs", "side");
        await Shell.Git(sandbox.Work, "switch", "-q", "main");
        await sandbox.Commit("work", "a.cs", "main");
        var checkout = await sandbox.Checkout("work");
        Assert.Null(checkout.BusyWith());

        Assert.NotEqual(0, (await Shell.Run(sandbox.Work, "git", command)).ExitCode);
        Assert.Equal(sign, checkout.BusyWith());
        await Shell.Git(sandbox.Work, command[0], "--abort");
        Assert.Null(checkout.BusyWith());
    }

    [Fact(Timeout = 60_000)]
    public async Task Ends_in_time_and_leaves_no_lock_when_git_hangs()
    {
        using var sandbox = await GitSandbox.Create();
        await File.WriteAllTextAsync(sandbox.At("live/a.cs"), "changed");
        // A hook that never ends, while git holds the lock on the index.
        await GitSandbox.Script(sandbox.At("live/.git/hooks/pre-commit"), $"#!/bin/sh\necho $$ > {sandbox.At("hook.pid")}\nexec sleep 1000\n");
        var outcome = await sandbox.Command.Run(sandbox.Live, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken, "commit", "-q", "-a", "-m", "x");
        Assert.Equal(GitEnd.TimedOut, outcome.End);
        Assert.Contains("git commit", outcome.Error);
        Assert.False(File.Exists(sandbox.At("live/.git/index.lock")));
        // Git is asked to end, not what it had started.
        using var hook = System.Diagnostics.Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(sandbox.At("hook.pid"), TestContext.Current.CancellationToken), System.Globalization.CultureInfo.InvariantCulture));
        hook.Kill();
    }
}
