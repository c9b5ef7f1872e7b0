using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Peers;

/// <summary>A developer's tree, the bare repository it is pushed to, and the checkout that is served from there.</summary>
internal sealed class PushedTree(Workplace workplace, ServiceTree tree, string name)
{
    public string Bare { get; } = workplace.Beside(name + ".git");

    public string Served { get; } = workplace.Beside(name + "-served");

    public string NextAnswer(EditKind kind) => tree.NextAnswer(kind);

    /// <summary>The first commit, pushed and cloned.</summary>
    public async Task Begin()
    {
        await Git("init", "--quiet", "--initial-branch=main");
        await Git("init", "--quiet", "--bare", "--initial-branch=main", Bare);
        await Git("remote", "add", "origin", Bare);
        await Commit("first");
        await Push();
        await Git("clone", "--quiet", Bare, Served);
    }

    /// <summary>An edit, committed and not pushed.</summary>
    public async Task Edit(EditKind kind)
    {
        tree.Edit(kind);
        await Commit(tree.Answer);
    }

    public Task Push(IReadOnlyDictionary<string, string>? environment = null) =>
        Processes.Git.Run(workplace, tree.Root, environment, "push", "--quiet", "origin", "main");

    private async Task Commit(string subject)
    {
        await Git("add", "--all");
        await Git("commit", "--quiet", "--message", subject);
    }

    private Task Git(params string[] arguments) => Processes.Git.Run(workplace, tree.Root, arguments);
}
