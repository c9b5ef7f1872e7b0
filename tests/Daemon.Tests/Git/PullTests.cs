using WatchReload.Control;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Tests.Git;

public sealed class PullTests
{
    [Fact(Timeout = 60_000)]
    public async Task Pulled_when_the_upstream_has_more()
    {
        using var sandbox = await GitSandbox.Create();
        var from = await sandbox.Head("live");
        await sandbox.Commit("work", "b.cs", "1");
        var to = await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();

        var pulled = Assert.IsType<PullResult.Pulled>(await sandbox.Pull());
        Assert.Equal((from, to, 2), (pulled.From, pulled.To, pulled.Count));
        Assert.Equal([new GitCommit(to, "Test", "Change a.cs"), new GitCommit(pulled.Commits[1].Id, "Test", "Change b.cs")], pulled.Commits);
        Assert.Equal(to, await sandbox.Head("live"));
        Assert.Equal("2", await File.ReadAllTextAsync(sandbox.At("live/a.cs")));
        Assert.Equal(new PullResult.UpToDate(to), await sandbox.Pull());
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_merged_when_that_is_not_asked_for_and_all_is_checked()
    {
        using var sandbox = await GitSandbox.Create();
        var from = await sandbox.Head("live");
        var to = await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();
        var looked = Assert.IsType<PullResult.Pulled>(await sandbox.Pull(change: request => request with { Merge = false }));
        Assert.Equal((from, to, from), (looked.From, looked.To, await sandbox.Head("live")));
        await sandbox.Commit("work", ".watchreload/cookie", "x");
        await sandbox.Push();
        Assert.IsType<PullResult.Refused>(await sandbox.Pull(change: request => request with { Merge = false }));
    }

    [Fact(Timeout = 60_000)]
    public async Task Tree_is_written_by_a_git_that_Ctrl_C_does_not_reach()
    {
        Assert.SkipUnless(SystemTool.Find("setsid") is not null, "setsid is not installed here.");
        using var sandbox = await GitSandbox.Create();
        await GitSandbox.Script(sandbox.At("smudge"), $"#!/bin/sh\nps -o pgid= -p $$ > '{sandbox.At("group")}'\nexec cat\n");
        await Shell.Git(sandbox.Live, "config", "filter.tell.smudge", sandbox.At("smudge"));
        await sandbox.Commit("work", ".gitattributes", "*.txt filter=tell\n");
        var to = await sandbox.Commit("work", "told.txt", "1");
        await sandbox.Push();

        Assert.Equal(to, Assert.IsType<PullResult.Pulled>(await sandbox.Pull()).To);

        var own = await Shell.Run(sandbox.Root, "sh", "-c", "ps -o pgid= -p $$"); // of this process, which started it
        Assert.NotEqual(own.Output.Trim(), (await File.ReadAllTextAsync(sandbox.At("group"), TestContext.Current.CancellationToken)).Trim());
        Assert.Equal("1", await File.ReadAllTextAsync(sandbox.At("live/told.txt"), TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Newest_commit_when_an_older_one_is_asked_for()
    {
        using var sandbox = await GitSandbox.Create();
        var older = await sandbox.Commit("work", "a.cs", "2");
        var newest = await sandbox.Commit("work", "a.cs", "3");
        await sandbox.Push();
        Assert.Equal(newest, Assert.IsType<PullResult.Pulled>(await sandbox.Pull(older, "refs/heads/main")).To);
        Assert.Equal(new PullResult.UpToDate(newest), await sandbox.Pull(older, "refs/heads/main"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("0123456789012345678901234567890123456789", "is not on origin/main")]
    [InlineData("--upload-pack=touch /tmp/x", "is not a full commit id")]
    [InlineData("HEAD", "is not a full commit id")]
    public async Task Refused_when_the_commit_is_not_on_the_branch(string commit, string cause) =>
        await Refused(cause, commit: commit, reference: "refs/heads/main");

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_another_branch_was_pushed() =>
        await Refused("refs/heads/other was pushed", reference: "refs/heads/other");

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_host_deploys_another_branch() =>
        await Refused("Only production is deployed here", change: request => request with { Policy = new DeployPolicy { Branch = "production" } });

    [Fact(Timeout = 60_000)]
    public async Task Pulled_from_the_remote_that_the_host_names_whatever_the_branch_follows()
    {
        using var sandbox = await GitSandbox.Create();
        await Shell.Git(sandbox.Root, "clone", "-q", "--bare", "origin.git", "blessed.git");
        await Shell.Git(sandbox.Live, "remote", "add", "blessed", sandbox.At("blessed.git"));
        var blessed = await sandbox.Commit("work", "a.cs", "blessed");
        await sandbox.Push(sandbox.At("blessed.git"), "HEAD:main");
        await sandbox.Commit("work", "a.cs", "not yet");
        await sandbox.Push();
        var policy = new DeployPolicy { Branch = "main", Remote = "blessed" };

        Assert.Equal(blessed, Assert.IsType<PullResult.Pulled>(await sandbox.Pull(change: request => request with { Policy = policy })).To);
        await Shell.Git(sandbox.Live, "branch", "--unset-upstream");
        Assert.Equal(new PullResult.UpToDate(blessed), await sandbox.Pull(change: request => request with { Policy = policy }));
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_remote_that_the_host_names_is_not_there() =>
        await Refused("has no remote blessed", change: request => request with { Policy = new DeployPolicy { Branch = "main", Remote = "blessed" } });

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_there_are_uncommitted_changes() =>
        await Refused("a.cs", live: sandbox => File.WriteAllTextAsync(sandbox.At("live/a.cs"), "changed"));

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_source_files_are_unknown_to_git() =>
        await Refused("dir/strange.cs", live: sandbox =>
        {
            Directory.CreateDirectory(sandbox.At("live/dir"));
            return File.WriteAllTextAsync(sandbox.At("live/dir/strange.cs"), "changed");
        });

    [Fact(Timeout = 60_000)]
    public async Task Pulled_when_files_that_no_build_sees_are_unknown_to_git()
    {
        using var sandbox = await GitSandbox.Create();
        await File.WriteAllTextAsync(sandbox.At("live/service.log"), "1");
        await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();
        Assert.IsType<PullResult.Pulled>(await sandbox.Pull());
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_unknown_files_are_in_the_way()
    {
        var refusal = await Refused("in the way", live: sandbox => File.WriteAllTextAsync(sandbox.At("live/data.txt"), "mine"), work: sandbox => sandbox.Commit("work", "data.txt", "theirs"));
        Assert.Contains("Move or delete", refusal.Remedy);
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_head_is_detached() =>
        await Refused("detached", live: sandbox => Shell.Git(sandbox.Live, "checkout", "-q", "--detach"));

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_branch_has_no_commit() =>
        await Refused("no commit yet", live: sandbox => Shell.Git(sandbox.Live, "switch", "-q", "--orphan", "fresh"));

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_branch_follows_nothing() =>
        await Refused("follows no upstream", live: sandbox => Shell.Git(sandbox.Live, "switch", "-q", "-c", "own"));

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_git_is_in_the_middle_of_something() =>
        await Refused("in the middle of something", live: sandbox => File.WriteAllTextAsync(sandbox.At("live/.git/index.lock"), ""));

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_two_have_diverged() =>
        await Refused("have diverged", live: sandbox => sandbox.Commit("live", "b.cs", "live"));

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_upstream_was_rewound()
    {
        using var sandbox = await GitSandbox.Create();
        await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();
        await sandbox.Pull();
        var ahead = await sandbox.Head("live");
        await Shell.Git(sandbox.Work, "reset", "-q", "--hard", "HEAD~1");
        await sandbox.Push("--force", "origin", "HEAD");
        var refused = Assert.IsType<PullResult.Refused>(await sandbox.Pull());
        Assert.Contains("rewound", refused.Why.Cause);
        Assert.Equal(ahead, await sandbox.Head("live"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(".watchreload/cookie")]
    [InlineData("sub/.WatchReload/releases/x")]
    public async Task Refused_when_the_commit_carries_files_of_a_state_directory(string file) =>
        await Refused(file, work: sandbox => sandbox.Commit("work", file, "x"));

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_commit_carries_files_of_the_state_directory_in_use() =>
        await Refused("var/state/cookie", work: sandbox => sandbox.Commit("work", "var/state/cookie", "x"), change: request =>
            request with { LockFile = Path.GetFullPath("../../../var/state/pull.lock", request.LockFile) }, live: sandbox => sandbox.Ignore("var/"));

    [Fact(Timeout = 60_000)]
    public async Task Pulled_in_a_linked_worktree()
    {
        using var sandbox = await GitSandbox.Create();
        await Shell.Git(sandbox.Live, "switch", "-q", "--detach");
        await Shell.Git(sandbox.Live, "worktree", "add", "-q", sandbox.At("side"), "main");
        var to = await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();
        var side = await sandbox.Checkout("side");
        var request = new PullRequest { LockFile = Path.Combine(side.StatePath, "pull.lock") };
        Assert.Equal(to, Assert.IsType<PullResult.Pulled>(await side.Pull(request, TestContext.Current.CancellationToken)).To);
        Assert.Equal("2", await File.ReadAllTextAsync(sandbox.At("side/a.cs"), TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_checkout_has_pointers_in_place_of_files() =>
        await Refused("has pointers of Git LFS in place of files: assets/big.bin", live: async sandbox =>
        {
            await sandbox.Commit("live", "assets/.gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
            await sandbox.Commit("live", "assets/big.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 12345\n");
        });

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_commits_move_a_submodule() =>
        await Refused("move submodules", work: async sandbox =>
        {
            await Shell.Git(sandbox.Work, "update-index", "--add", "--cacheinfo", "160000", await sandbox.Head("work"), "sub");
            await Shell.Git(sandbox.Work, "commit", "-q", "-m", "Add a submodule");
        });

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_lfs_is_needed_and_not_set_up() =>
        await Refused("Git LFS", work: sandbox => sandbox.Commit("work", "assets/.gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n"));

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_remote_is_gone() =>
        await Refused("leads to no repository", live: sandbox =>
        {
            Directory.Move(sandbox.Origin, sandbox.At("moved.git"));
            return Task.CompletedTask;
        });

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_branch_is_gone_from_the_remote() =>
        await Refused("no longer has the branch", work: async sandbox =>
        {
            await sandbox.Push("origin", "HEAD:refs/heads/other");
            await Shell.Git(sandbox.Origin, "branch", "-D", "main");
        }, push: false);

    [Fact(Timeout = 60_000)]
    public async Task Pulled_when_the_clone_is_shallow()
    {
        using var sandbox = await GitSandbox.Create();
        await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();
        Directory.Delete(sandbox.Live, recursive: true);
        await Shell.Git(sandbox.Root, "clone", "-q", "--depth=1", "file://" + sandbox.Origin, "live");
        var to = await sandbox.Commit("work", "a.cs", "3");
        await sandbox.Push();
        Assert.Equal(to, Assert.IsType<PullResult.Pulled>(await sandbox.Pull()).To);
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_clone_is_too_shallow_to_tell()
    {
        using var sandbox = await GitSandbox.Create();
        await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();
        Directory.Delete(sandbox.Live, recursive: true);
        await Shell.Git(sandbox.Root, "clone", "-q", "--depth=1", "file://" + sandbox.Origin, "live");
        await sandbox.Commit("work", "a.cs", "3");
        await Shell.Git(sandbox.Work, "commit", "-q", "--amend", "-m", "Instead");
        await Shell.Git(sandbox.Work, "reset", "-q", "--hard", "HEAD~2");
        await sandbox.Commit("work", "a.cs", "other");
        await sandbox.Push("--force", "origin", "HEAD");
        var refused = Assert.IsType<PullResult.Refused>(await sandbox.Pull());
        Assert.Contains("shallow", refused.Why.Cause);
        Assert.Contains("--unshallow", refused.Why.Remedy);
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_another_pull_does_not_end_in_time()
    {
        using var sandbox = await GitSandbox.Create();
        var file = sandbox.At("pull.lock");
        using var held = FileLock.TryAcquire(file);
        Assert.NotNull(held);
        var refused = Assert.IsType<PullResult.Refused>(await sandbox.Pull(change: request => request with { LockFile = file, LockDeadline = TimeSpan.FromMilliseconds(100) }));
        Assert.Contains("Another pull", refused.Why.Cause);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_pulls_and_the_others_are_up_to_date_when_many_come_at_once()
    {
        using var sandbox = await GitSandbox.Create();
        var to = await sandbox.Commit("work", "a.cs", "2");
        await sandbox.Push();
        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => sandbox.Pull(to, "refs/heads/main")));
        Assert.Single(results.OfType<PullResult.Pulled>());
        Assert.Equal(4, results.OfType<PullResult.UpToDate>().Count(result => result.Commit == to));
    }

    /// <summary>With something new to pull, and what is done to either side: refused for this cause, with a remedy, and nothing changed.</summary>
    private static async Task<Refusal> Refused(
        string cause, Func<GitSandbox, Task>? live = null, Func<GitSandbox, Task>? work = null, string? commit = null, string? reference = null,
        Func<PullRequest, PullRequest>? change = null, bool push = true)
    {
        using var sandbox = await GitSandbox.Create();
        await sandbox.Commit("work", "a.cs", "2");
        if (work is not null)
            await work(sandbox);
        if (push)
            await sandbox.Push();
        if (live is not null)
            await live(sandbox);
        var before = await State(sandbox);
        var refused = Assert.IsType<PullResult.Refused>(await sandbox.Pull(commit, reference, change));
        Assert.Contains(cause, refused.Why.Cause);
        Assert.NotEmpty(refused.Why.Remedy);
        Assert.Equal(before, await State(sandbox));
        return refused.Why;
    }

    private static async Task<string> State(GitSandbox sandbox) =>
        (await Shell.Run(sandbox.Live, "git", "--no-optional-locks", "rev-parse", "HEAD")).All + (await Shell.Run(sandbox.Live, "git", "--no-optional-locks", "status", "--porcelain", "-uall")).All;
}
