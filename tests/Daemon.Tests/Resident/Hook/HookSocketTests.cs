using System.Text.Json;
using WatchReload.Control;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Tests.Git;

namespace WatchReload.Daemon.Tests.Resident.Hook;

/// <summary>A real second user hands pushes to a real daemon, over real sockets and with real repositories.</summary>
public sealed class HookSocketTests
{
    [Fact(Timeout = 60_000)]
    public async Task Member_triggers_the_deployment_reads_the_verdict_and_the_history_has_who_the_system_says()
    {
        await using var bench = await HookBench.Start();
        var commit = await bench.Pushed("2");

        var told = await bench.Push($$"""{"ref":"refs/heads/main","commit":"{{commit}}","by":"root","force":true,"rehearse":true,"nodes":["none"],"cause":"rollback"}""");

        Assert.Equal(["git.pulled", "reload.committed"], Names(told));
        Assert.Equal(commit, await bench.Git.Head("live"));
        var (request, _) = Assert.Single(bench.Node.Requests);
        Assert.Equal((bench.Release.Id, "hook"), (request.Release, request.Cause));
        var history = Assert.Single(await bench.History());
        Assert.Equal(("hook", "committed", "nobody"), (Text(history, "cause"), Text(history, "verdict"), Text(history, "by")));
        Assert.Contains("by nobody", bench.Log, StringComparison.Ordinal);
        Assert.Contains($"The daemon listens for the group {HookBench.Group} at {bench.Socket}.", (await bench.Doctor()).Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("refs/heads/other", "COMMIT", "refs/heads/other was pushed, and what is deployed is refs/heads/main.")]
    [InlineData("main", "COMMIT", "What was handed in as a ref is not a branch.")]
    [InlineData("refs/heads/ma\\nin", "COMMIT", "What was handed in as a ref is not a branch.")]
    [InlineData("--upload-pack=id", "COMMIT", "What was handed in as a ref is not a branch.")]
    [InlineData("refs/heads/main", "HEAD", "What was handed in as a commit is not a full commit id.")]
    [InlineData("refs/heads/main", "--exec=id", "What was handed in as a commit is not a full commit id.")]
    [InlineData("refs/heads/main", "", "What was handed in as a commit is not a full commit id.")]
    public async Task Refused_before_anything_is_done_when_ref_or_commit_is_not_what_it_must_be(string reference, string commit, string why)
    {
        await using var bench = await HookBench.Start();
        var pushed = await bench.Pushed("2");
        var known = await Shell.Git(bench.Git.Live, "rev-parse", "origin/main");

        var told = await bench.Curl(HookBench.Group, "/v1/push", "--write-out", "\n%{http_code}", "--data-binary", HookBench.Body(commit == "COMMIT" ? pushed : commit, reference));

        Assert.Equal("409 0", told[^1]);
        Assert.Equal(why, Text(JsonDocument.Parse(told[0]).RootElement, "error"));
        Assert.Empty(bench.Node.Requests);
        Assert.Empty(await bench.History());
        Assert.Equal(known, await Shell.Git(bench.Git.Live, "rev-parse", "origin/main")); // not even fetched
        Assert.Contains($"A push that nobody handed in was refused: {why}", bench.Log, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Commit_that_the_remote_does_not_have_is_refused_with_the_remedy()
    {
        await using var bench = await HookBench.Start();
        await bench.Pushed("2");
        var unpushed = await bench.Git.Commit("work", "a.cs", "3");

        var told = Assert.Single(await bench.Push(HookBench.Body(unpushed)));

        Assert.Equal("git.refused", Text(told, "event"));
        Assert.StartsWith($"{unpushed[..10]} is not on origin/main, which is at ", Text(told, "cause"), StringComparison.Ordinal);
        Assert.Contains("push again", Text(told, "remedy"), StringComparison.Ordinal);
        Assert.Empty(bench.Node.Requests);
    }

    [Fact(Timeout = 60_000)]
    public async Task User_without_the_group_is_turned_away()
    {
        await using var bench = await HookBench.Start();

        Assert.Equal(["000 7"], await bench.Curl(7, "/v1/attach"));
        Assert.Equal(["200 0"], await bench.Curl(HookBench.Group, "/v1/attach"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("GET", "/v1/status")]
    [InlineData("GET", "/v1/nonce")]
    [InlineData("POST", "/v1/stop")]
    [InlineData("POST", "/v1/pull")]
    [InlineData("POST", "/v1/reload")]
    [InlineData("POST", "/v1/rollback")]
    [InlineData("POST", "/v1/restart")]
    [InlineData("POST", "/v1/build")]
    [InlineData("POST", "/v1/gate")]
    public async Task What_the_daemon_does_for_its_own_user_is_not_there(string method, string target)
    {
        await using var bench = await HookBench.Start();

        Assert.Equal("404 0", (await bench.Curl(HookBench.Group, target, "--request", method, "--data-binary", "{}", "--output", "/dev/null"))[^1]);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("", "400 0")]
    [InlineData("null", "400 0")]
    [InlineData("[]", "400 0")]
    [InlineData("{\"ref\":1}", "400 0")]
    [InlineData("LONG", "413 0")]
    public async Task Body_that_is_no_push_is_refused_and_the_next_good_one_is_done(string body, string status)
    {
        await using var bench = await HookBench.Start();
        var commit = await bench.Pushed("2");

        Assert.Equal(status, (await bench.Curl(HookBench.Group, "/v1/push", "--output", "/dev/null", "--data-binary", body == "LONG" ? HookBench.Body(commit, "refs/heads/" + new string('x', 5000)) : body))[^1]);

        Assert.Equal("reload.committed", Names(await bench.Push(HookBench.Body(commit)))[^1]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Deployment_goes_on_when_the_pusher_goes_away_and_another_attaches()
    {
        await using var bench = await HookBench.Start();
        var (arrived, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        bench.Node.Before = async _ =>
        {
            arrived.SetResult();
            await go.Task;
        };
        var (pusher, status) = await bench.Open(HookBench.Body(await bench.Pushed("2")));
        Assert.Equal("200", status);
        await arrived.Task;
        pusher.Dispose();

        using var client = new GroupClient(bench.Socket);
        await using var attached = await client.GetLines("/v1/attach", EventJson.Default.DaemonEvent, TestContext.Current.CancellationToken);
        go.SetResult();

        Assert.Equal([typeof(GitPulled), typeof(ReloadCommitted)], await attached.Select(happened => happened.GetType()).ToArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("committed", Text(Assert.Single(await bench.History()), "verdict"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_so_many_pushes_wait_and_whoever_waits_has_the_verdict()
    {
        await using var bench = await HookBench.Start();
        var go = new TaskCompletionSource();
        bench.Node.Before = _ => go.Task;
        var body = HookBench.Body(await bench.Pushed("2"));
        var waiting = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => bench.Open(body)));

        var (late, status) = await bench.Open(body);
        late.Dispose();
        go.SetResult();

        Assert.Equal("429", status);
        foreach (var (connection, accepted) in waiting)
        {
            Assert.Equal("200", accepted);
            using var reader = new StreamReader(new System.Net.Sockets.NetworkStream(connection, ownsSocket: true));
            Assert.Matches("reload[.](committed|unchanged)", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        Assert.Matches("reload[.](committed|unchanged)", Names(await bench.Push(body))[^1]); // there is room again
    }

    /// <summary>What is rehearsed is built, whoever made it.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_rehearsed_where_the_host_has_no_gate()
    {
        await using var bench = await HookBench.Start();
        var commit = await bench.Git.Commit("work", "a.cs", "2");

        var told = await bench.Curl(HookBench.Group, $"/v1/rehearse?ref=refs/heads/main&commit={commit}", "--write-out", "\n%{http_code}", "--data-binary", "PACK");

        Assert.Equal("409 0", told[^1]);
        Assert.StartsWith("No push is rehearsed here", Text(JsonDocument.Parse(told[0]).RootElement, "error"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(bench.State.Root, "handed")));
        Assert.Empty(await bench.History());
    }

    [Fact(Timeout = 60_000)]
    public async Task Daemon_ends_in_order_though_the_directory_of_the_socket_is_gone()
    {
        await using var bench = await HookBench.Start();

        await bench.EndWithoutDirectory();

        using var next = FileLock.TryAcquire(bench.State.DaemonLock);
        Assert.NotNull(next);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true, "lies in the state directory")]
    [InlineData(false, "There is no /nowhere")]
    public async Task Daemon_works_without_the_socket_and_says_why_it_has_none(bool inState, string why)
    {
        await using var bench = await HookBench.Start(b => inState ? Path.Combine(b.State.Root, "hook", "hook.sock") : "/nowhere/hook/hook.sock");

        Assert.Contains("No hook of another user can hand in a push:", bench.Log, StringComparison.Ordinal);
        Assert.Contains(why, bench.Log, StringComparison.Ordinal);
        Assert.False(File.Exists(bench.Socket));
        Assert.Equal(0, (await Cli.CommandRun.In(bench.Git.Live, "attach", "--state", bench.State.Root)).ExitCode);
        var doctor = await bench.Doctor();
        Assert.Equal(2, doctor.ExitCode);
        Assert.Contains($"no hook of the group {HookBench.Group} reaches it", doctor.Output, StringComparison.Ordinal);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string[] Names(IEnumerable<JsonElement> events) => [.. events.Select(e => Text(e, "event"))];
}
