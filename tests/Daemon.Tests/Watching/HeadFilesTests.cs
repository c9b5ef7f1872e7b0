using WatchReload.Control;
using WatchReload.Daemon.Tests.Git;
using WatchReload.Daemon.Watching;

namespace WatchReload.Daemon.Tests.Watching;

/// <summary>What git's files say of HEAD is what git says.</summary>
public sealed class HeadFilesTests
{
    [Fact(Timeout = 60_000)]
    public async Task Commit_is_that_of_the_branch_whether_its_reference_is_loose_or_packed()
    {
        using var sandbox = await GitSandbox.Create();
        Assert.Equal(await sandbox.Head("work"), HeadFiles.Commit(sandbox.Work));
        await Shell.Git(sandbox.Work, "branch", "other-main");
        await Shell.Git(sandbox.Work, "pack-refs", "--all", "--prune");
        Assert.False(File.Exists(sandbox.At("work/.git/refs/heads/main")));
        Assert.Equal(await sandbox.Head("work"), HeadFiles.Commit(sandbox.Work));

        var commit = await sandbox.Commit("work", "deep/er/a.cs", "2");

        Assert.Equal(commit, HeadFiles.Commit(sandbox.At("work/deep/er")));
        Assert.Equal([sandbox.At("work/.git/HEAD"), sandbox.At("work/.git/refs/heads/main")], HeadFiles.Of(sandbox.At("work/deep")));
    }

    [Fact(Timeout = 60_000)]
    public async Task Commit_is_that_of_HEAD_itself_when_no_branch_is_checked_out()
    {
        using var sandbox = await GitSandbox.Create();
        await Shell.Git(sandbox.Work, "checkout", "-q", "--detach");
        await Shell.Git(sandbox.Work, "commit", "-q", "--allow-empty", "-m", "Detached");
        Assert.Equal(await sandbox.Head("work"), HeadFiles.Commit(sandbox.Work));
        Assert.Equal([sandbox.At("work/.git/HEAD")], HeadFiles.Of(sandbox.Work));
    }

    [Fact(Timeout = 60_000)]
    public async Task Commit_is_that_of_a_linked_worktree_and_not_of_the_repository_it_belongs_to()
    {
        using var sandbox = await GitSandbox.Create();
        await Shell.Git(sandbox.Work, "worktree", "add", "-q", "-b", "side", sandbox.At("linked"));
        await Shell.Git(sandbox.At("linked"), "commit", "-q", "--allow-empty", "-m", "Side");
        Assert.NotEqual(await sandbox.Head("work"), await sandbox.Head("linked"));
        Assert.Equal(await sandbox.Head("linked"), HeadFiles.Commit(sandbox.At("linked")));
        Assert.Equal([sandbox.At("work/.git/worktrees/linked/HEAD"), sandbox.At("work/.git/refs/heads/side")], HeadFiles.Of(sandbox.At("linked")));
    }

    [Fact(Timeout = 60_000)]
    public async Task There_is_none_before_the_first_commit_nor_without_git()
    {
        using var sandbox = new GitSandbox();
        await sandbox.Init("new");
        Assert.Equal(("", ""), (HeadFiles.Commit(sandbox.At("new")), HeadFiles.Commit(sandbox.Root)));
        Assert.Contains(sandbox.At("new/.git/refs/heads/main"), HeadFiles.Of(sandbox.At("new"))); // to be noticed when it comes
        Assert.Empty(HeadFiles.Of(sandbox.Root));
    }

    [Fact(Timeout = 60_000)]
    public async Task Tree_is_another_after_a_commit_without_an_edit_when_the_commit_is_built_in()
    {
        using var sandbox = await GitSandbox.Create();
        var plain = new BuildInputs { Files = [sandbox.At("work/a.cs")] };
        var versioned = plain with { Heads = [sandbox.Work] };
        var (plainly, before) = (SourceTree.Hash(plain, sandbox.Work), SourceTree.Hash(versioned, sandbox.Work));

        await Shell.Git(sandbox.Work, "switch", "-q", "-c", "same");
        Assert.Equal(before, SourceTree.Hash(versioned, sandbox.Work));
        await Shell.Git(sandbox.Work, "commit", "-q", "--allow-empty", "-m", "Nothing");

        Assert.Equal(plainly, SourceTree.Hash(plain, sandbox.Work));
        Assert.NotEqual(before, SourceTree.Hash(versioned, sandbox.Work));
    }
}
