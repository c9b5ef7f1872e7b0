using WatchReload.Control;
using WatchReload.Daemon.Tests.Git;
using WatchReload.Daemon.Watching;

namespace WatchReload.Daemon.Tests.Watching;

/// <summary>What real git does to a tree while it is watched.</summary>
public sealed class CheckoutTests
{
    [Fact(Timeout = 120_000)]
    public async Task One_change_set_when_git_checks_out_many_files()
    {
        using var sandbox = await Repository(files: 10_000);
        await using var folder = await Watched(sandbox);
        await Shell.Git(sandbox.Work, "checkout", "-q", "side");
        Assert.Equal(10_000, (await folder.Next()).Paths.Count);
        await Shell.Git(sandbox.Work, "checkout", "-q", "main");
        Assert.Equal(10_000, (await folder.Next()).Paths.Count);
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_handed_on_in_the_middle_of_a_conflict()
    {
        using var sandbox = await Repository(files: 3);
        await sandbox.Commit("work", "d0/f0.cs", "main");
        await using var folder = await Watched(sandbox);
        var merge = await Shell.Run(sandbox.Work, "git", "merge", "side");
        Assert.NotEqual(0, merge.ExitCode);
        Assert.Contains("<<<<<<<", await File.ReadAllTextAsync(folder.At("d0/f0.cs")));
        var next = folder.Next();
        folder.Write("d0/f0.cs", "resolved");
        await Shell.Git(sandbox.Work, "add", "-A");
        Assert.False(next.IsCompleted);
        await Shell.Git(sandbox.Work, "commit", "-q", "-m", "Merge");
        Assert.Equal(["d0/f0.cs", "d1/f1.cs", "d2/f2.cs"], (await next).Paths.Select(path => Path.GetRelativePath(folder.Root, path)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_when_git_stashes_and_brings_back()
    {
        using var sandbox = await Repository(files: 3);
        await using var folder = await Watched(sandbox);
        folder.Write("d0/f0.cs", "mine");
        await folder.Expect("d0/f0.cs");
        // The consumer builds meanwhile.
        await Shell.Git(sandbox.Work, "stash", "-q");
        await Shell.Git(sandbox.Work, "stash", "pop", "-q");
        await folder.Nothing();
    }

    [Theory(Timeout = 60_000)]
    [InlineData("work", false)]
    [InlineData("work", true)]
    [InlineData("linked", false)]
    public async Task Commit_without_an_edit_is_handed_on_when_the_commit_is_built_in(string tree, bool packed)
    {
        using var sandbox = await Repository(files: 3);
        await Shell.Git(sandbox.Work, "worktree", "add", "-q", "-b", "linked", sandbox.At("linked"));
        if (packed)
            await Shell.Git(sandbox.Work, "pack-refs", "--all", "--prune");
        await using var folder = await Watched(sandbox, tree);
        var inputs = new BuildInputs { Projects = [folder.Write("p.csproj", "p")], Files = [folder.At("d0/f0.cs")], Heads = [folder.Root] };
        await folder.Expect("p.csproj");
        folder.BeginAdopt(inputs);
        await folder.Reached();
        await Shell.Git(folder.Root, "commit", "-q", "--allow-empty", "-m", "Nothing");
        Assert.Equal([sandbox.At($"work/.git/refs/heads/{(tree == "work" ? "main" : tree)}")], (await folder.Next()).Paths.Where(path => !path.EndsWith("packed-refs", StringComparison.Ordinal)));

        folder.BeginAdopt(inputs);
        await folder.Reached();
        await Shell.Git(folder.Root, "switch", "-q", "-c", "topic");
        Assert.Equal([tree == "work" ? folder.At(".git/HEAD") : sandbox.At("work/.git/worktrees/linked/HEAD")], (await folder.Next()).Paths);

        await WatchedFolder.Aged(sandbox.At("work/.git/refs/heads/topic"));
        await folder.Nothing("p.csproj");
        folder.BeginAdopt(inputs); // as after each build, and after each look that finds nothing to build
        await folder.Reached();
        await Shell.Git(folder.Root, "commit", "-q", "--allow-empty", "-m", "Nothing again");
        Assert.Equal([sandbox.At("work/.git/refs/heads/topic")], (await folder.Next()).Paths);
    }

    [Fact(Timeout = 60_000)]
    public async Task Commit_that_is_built_in_waits_for_git_to_be_done()
    {
        using var sandbox = await Repository(files: 3);
        await using var folder = await Watched(sandbox);
        var inputs = new BuildInputs { Projects = [folder.Write("p.csproj", "p")], Heads = [folder.Root] };
        await folder.Expect("p.csproj");
        folder.BeginAdopt(inputs);
        await folder.Reached();
        var index = folder.Write(".git/index.lock", "");
        await Shell.Git(sandbox.Work, "update-ref", "refs/heads/main", "side");
        var next = folder.Next();
        await folder.Reached();
        Assert.False(next.IsCompleted);
        File.Delete(index);
        Assert.Equal([folder.At(".git/refs/heads/main")], (await next).Paths);
    }

    [Fact(Timeout = 60_000)]
    public async Task Commit_without_an_edit_is_nothing_when_no_commit_is_built_in()
    {
        using var sandbox = await Repository(files: 3);
        await using var folder = await Watched(sandbox);
        await folder.Adopt(new BuildInputs { Projects = [folder.Write("p.csproj", "p")] });
        await Shell.Git(sandbox.Work, "commit", "-q", "--allow-empty", "-m", "Nothing");
        await folder.Nothing("p.csproj");
    }

    private static async Task<GitSandbox> Repository(int files)
    {
        var sandbox = await GitSandbox.Create();
        await Fill("main");
        await Shell.Git(sandbox.Work, "switch", "-q", "-c", "side");
        await Fill("side");
        await Shell.Git(sandbox.Work, "switch", "-q", "main");
        return sandbox;

        async Task Fill(string text)
        {
            for (var i = 0; i < files; i++)
            {
                Directory.CreateDirectory(sandbox.At($"work/d{i % 200}"));
                await File.WriteAllTextAsync(sandbox.At($"work/d{i % 200}/f{i}.cs"), $"{text} {i}");
            }
            await Shell.Git(sandbox.Work, "add", "-A");
            await Shell.Git(sandbox.Work, "commit", "-q", "-m", text);
        }
    }

    private static async Task<WatchedFolder> Watched(GitSandbox sandbox, string tree = "work")
    {
        var checkout = await sandbox.Checkout(tree);
        await WatchedFolder.Aged([.. HeadFiles.Of(checkout.Root)]);
        var folder = new WatchedFolder(checkout.Root, checkout.StatePath) { BusyWith = checkout.BusyWith };
        await folder.Watch();
        return folder;
    }
}
