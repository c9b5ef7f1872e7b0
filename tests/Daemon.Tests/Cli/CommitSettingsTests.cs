using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Git;
using WatchReload.Daemon.Tests.Git;

namespace WatchReload.Daemon.Tests.Cli;

/// <summary>Commits with a broken configuration are pushed: they must not get into the checkout.</summary>
public sealed class CommitSettingsTests
{
    private const string Good = """{ "project": "src/Service.csproj" }""";

    [Theory(Timeout = 60_000)]
    [InlineData("{\n  \"project\": \"src/Service.csproj\",\n  \"nods\": 1,\n  \"releases\": { \"keep\": 0 }\n}", "watch.json(3,3): \"nods\" is not a setting. Did you mean \"nodes\"?", "watch.json(4,25): releases.keep is 0, out of range.")]
    [InlineData("""{ "project": "Service.csproj" }""", "watch.json(1,14): project does not exist", "Name a project file that exists")]
    [InlineData("""{ "project": "src" }""", "project is a directory", "Name the project file in it: src/Other.csproj, src/Service.csproj.")]
    [InlineData("""{ "project": "src/Service.csproj", "git": { "branch": "mine" } }""", "git.branch decides what gets live", "")]
    [InlineData("{", "This is not JSON", "")]
    [InlineData(null, "There is no such file.", "")]
    public async Task Refused_with_every_problem_and_the_checkout_as_it_was(string? watchJson, string problem, string another)
    {
        using var sandbox = await Sandbox();
        var before = await sandbox.Head("live");
        if (watchJson is null)
            await Remove(sandbox, "watch.json");
        else
            await sandbox.Commit("work", "watch.json", watchJson);
        var commit = await sandbox.Head("work");
        await sandbox.Push();

        var refused = Assert.IsType<PullResult.Refused>(await Pull(sandbox));

        Assert.Contains(commit[..10], refused.Why.Cause);
        Assert.Contains(problem, refused.Why.Cause);
        Assert.Contains(another, refused.Why.Cause);
        Assert.Equal(before, await sandbox.Head("live"));
        Assert.Equal(Good, await File.ReadAllTextAsync(sandbox.At("live/watch.json"), TestContext.Current.CancellationToken));

        await sandbox.Commit("work", "watch.json", Good + "\n");
        await sandbox.Push();
        Assert.IsType<PullResult.Pulled>(await Pull(sandbox));
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_the_commit_takes_the_project_away()
    {
        using var sandbox = await Sandbox();
        await Remove(sandbox, "src/Service.csproj");
        await sandbox.Push();
        Assert.Contains("Name a project file that exists: src/Other.csproj.", Assert.IsType<PullResult.Refused>(await Pull(sandbox)).Why.Cause);
    }

    [Fact(Timeout = 60_000)]
    public async Task Pulled_when_watch_json_is_a_link_within_the_tree_and_the_project_lies_elsewhere_now()
    {
        using var sandbox = await Sandbox();
        await sandbox.Commit("work", "new/Chat.csproj", "<Project />");
        await sandbox.Commit("work", "deploy.json", """{ "project": "new/Chat.csproj" }""");
        await Remove(sandbox, "watch.json");
        File.CreateSymbolicLink(sandbox.At("work/watch.json"), "deploy.json");
        await Shell.Git(sandbox.Work, "add", "watch.json");
        await Shell.Git(sandbox.Work, "commit", "-q", "-m", "Link");
        await sandbox.Push();
        Assert.IsType<PullResult.Pulled>(await Pull(sandbox));
    }

    [Fact(Timeout = 60_000)]
    public async Task Looked_into_also_when_the_checkout_is_reached_through_a_link()
    {
        using var sandbox = await Sandbox();
        Directory.CreateSymbolicLink(sandbox.At("linked"), sandbox.Live);
        await sandbox.Commit("work", "watch.json", """{ "project": "src/Service.csproj", "nods": 1 }""");
        await sandbox.Push();
        Assert.Contains("nods", Assert.IsType<PullResult.Refused>(await Pull(sandbox, "linked")).Why.Cause);
    }

    private static async Task<GitSandbox> Sandbox()
    {
        var sandbox = await GitSandbox.Create();
        await sandbox.Commit("work", "src/Service.csproj", "<Project />");
        await sandbox.Commit("work", "src/Other.csproj", "<Project />");
        await sandbox.Commit("work", "watch.json", Good);
        await sandbox.Push();
        await Shell.Git(sandbox.Live, "pull", "-q", "--ff-only");
        return sandbox;
    }

    private static async Task Remove(GitSandbox sandbox, string file)
    {
        await Shell.Git(sandbox.Work, "rm", "-q", file);
        await Shell.Git(sandbox.Work, "commit", "-q", "-m", "Remove");
    }

    private static Task<PullResult> Pull(GitSandbox sandbox, string live = "live") => sandbox.Pull(change: request => request with
    {
        Examine = new CommitSettings(new SettingsSources(sandbox.At(live), new Dictionary<string, string>()), sandbox.At(live + "/watch.json")).Check,
    });
}
