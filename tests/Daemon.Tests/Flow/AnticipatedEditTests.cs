using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Tests.Supervision;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Flow;

/// <summary>Edits that are told of as their save begins: the builder makes each delta then, and is asked for nothing after it.</summary>
public sealed class AnticipatedEditTests : IAsyncLifetime
{
    private static readonly TimeSpan EditsPause = TimeSpan.FromSeconds(2);

    private readonly FakeTime _time = new(); // nobody loses patience, and edits do not pause
    private PipelineBed _bed = null!;
    private BuilderHost _builder = null!;
    private Pipeline _pipeline = null!;

    public async ValueTask InitializeAsync()
    {
        _bed = await PipelineBed.Create();
        _time.SetUtcNow(DateTimeOffset.UtcNow.AddHours(1)); // files are older than a build
        _bed.Scratch.Write("global.json", "{}");
        _bed.Scratch.Write("Directory.Build.props", "<Project />");
        _bed.Scratch.Write("src/S.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>");
        Write(1);
        _builder = new BuilderHost(new BuilderSettings(_bed.Scratch.State), _time, NullLogger<BuilderHost>.Instance);
        _pipeline = _bed.Make("Debug", _time, builder: _builder, deltas: true);
        _bed.Node.Answer = Take;
    }

    public async ValueTask DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        await _builder.DisposeAsync();
        await _bed.DisposeAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Each_starts_from_what_the_node_has_taken()
    {
        await Serve();
        var builds = await Builds();
        for (var body = 2; body < 5; body++)
            Assert.Equal("delta", Assert.IsType<ReloadCommitted>(await Edit(body)).Lane);
        Assert.Equal(builds, await Builds());

        // It takes none of this one, and its code is what it was: the next one starts there.
        _bed.Node.Answer = (node, request) => FakeNode.Refuse("taken back")(node, request) with { Verdict = ReloadVerdict.TakenBack };
        Assert.IsType<ReloadRefused>(await Edit(5));
        _bed.Node.Answer = Take;
        Assert.Equal("delta", Assert.IsType<ReloadCommitted>(await Edit(6)).Lane);

        Assert.Equal(builds, await Builds());
        Assert.Equal([1, 2, 3, 4, 4], _bed.Node.Requests.Select(asked => asked.Request.Delta).OfType<TreeDelta>().Select(delta => Assert.Single(delta.Assemblies).Generation));
    }

    [Fact(Timeout = 120_000)]
    public async Task Nothing_is_taken_for_what_the_node_has_when_it_was_started_anew_behind_the_daemon()
    {
        await Serve();
        await Edit(2);
        var builds = await Builds();
        var has = Assert.Single(_bed.Node.Status.Loaded!);
        _bed.Node.Status = _bed.Node.Status with { Loaded = [has with { Generation = 0, Delta = null }] };

        Assert.Equal("delta", Assert.IsType<ReloadCommitted>(await Edit(3)).Lane);

        Assert.Equal(builds + 1, await Builds());
        Assert.Equal(1, Assert.Single(_bed.Node.Requests.Last().Request.Delta!.Assemblies).Generation);
    }

    /// <summary>The release that it is owed then is compiled on one thread, as nobody waits for it, and what somebody asks for on all.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Release_that_is_owed_leaves_a_processor()
    {
        await UseAnalyzer();
        await Serve();
        var edited = Assert.IsType<ReloadCommitted>(await Edit(2));
        Assert.Equal(("delta", null), (edited.Lane, edited.LaneReason)); // what goes otherwise is owed no release
        await _time.Armed(EditsPause);
        var before = _bed.Events.All.Count;
        _time.Advance(EditsPause);
        Assert.Equal(ThreadsAnalyzer.OneThread, await Told(before));

        Write(3);
        before = _bed.Events.All.Count;
        Assert.IsType<BuildFinished>(await _pipeline.Build(new BuildOrder { Cause = "build" }, _bed.Events, TestContext.Current.CancellationToken));
        Assert.Equal(ThreadsAnalyzer.AllThreads, await Told(before));

        async Task<string> Told(int before) => Assert.Single((await Built(before)).Diagnostics, diagnostic => diagnostic.Code == ThreadsAnalyzer.Code).Message;
    }

    [Fact(Timeout = 120_000)]
    public async Task Release_that_is_owed_comes_when_the_node_could_not_be_asked_at_first()
    {
        await Serve();
        await Edit(2);
        await _time.Armed(EditsPause);
        var before = _bed.Events.All.Count;
        _bed.Node.CutsOffStatus = true;
        _time.Advance(EditsPause);
        await Built(before);
        await _time.Armed(2 * EditsPause);

        _bed.Node.CutsOffStatus = false;
        before = _bed.Events.All.Count;
        _time.Advance(2 * EditsPause);
        var release = (await Built(before)).Release;
        while ((await _bed.Events.Next<ReloadCommitted>()).Release != release)
        {
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Release_that_is_owed_and_that_the_node_refuses_is_told_unless_the_node_is_stopped_from_here(bool stopped)
    {
        await using var stubs = new StubNodes();
        var supervisor = stubs.Supervise(); // which guards nothing
        await _pipeline.DisposeAsync();
        _pipeline = _bed.Make("Debug", _time, builder: _builder, deltas: true, supervisor: supervisor);
        await Serve();
        Assert.Equal("delta", Assert.IsType<ReloadCommitted>(await Edit(2)).Lane);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _bed.Node.Before = async _ =>
        {
            if (stopped)
                await supervisor.StopIfStartedHere();
            asked.SetResult();
        };
        _bed.Node.Answer = (node, request) => FakeNode.Refuse("The node is stopping.")(node, request) with { Transient = true };
        await _time.Armed(EditsPause);
        _time.Advance(EditsPause);
        await asked.Task;
        await _pipeline.DisposeAsync(); // when all has been told
        _pipeline = _bed.Make("Debug", _time, builder: _builder);

        Assert.Equal(!stopped, _bed.Events.All.OfType<ReloadRefused>().Any());
        Assert.Equal(!stopped, new History(_bed.Scratch.State, TimeProvider.System, NullLogger<History>.Instance).Read()[0].Verdict == "refused");
    }

    [Fact(Timeout = 120_000)]
    public async Task Rollback_goes_to_the_release_of_what_a_delta_had_brought()
    {
        await Serve();
        Assert.Equal("delta", Assert.IsType<ReloadCommitted>(await Edit(2)).Lane);
        var named = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _bed.Node.Answer = (node, request) =>
        {
            node.Status = node.Status with { Release = request.Release, Deltas = 0 };
            named.SetResult(request.Release);
            return new ReloadReport { Verdict = ReloadVerdict.Unchanged, Release = request.Release, Version = node.Status.Version };
        };
        await _time.Armed(EditsPause);
        _time.Advance(EditsPause);
        var release = await named.Task;
        _bed.Node.Answer = Take;
        Write(3);
        Assert.NotEqual(release, Assert.IsType<ReloadCommitted>(await _pipeline.Reload(new ReloadOrder { Cause = "watch", Force = true }, _bed.Events, TestContext.Current.CancellationToken)).Release);

        await _pipeline.Rollback(new RollbackOrder { Cause = "rollback" }, _bed.Events, TestContext.Current.CancellationToken);

        Assert.Equal((release, true), _bed.Node.Requests.Last() is var (request, _) ? (request.Release, request.Rollback) : default);
    }

    [Fact(Timeout = 120_000)]
    public async Task History_has_the_content_that_a_delta_has_brought()
    {
        await Serve();
        var released = _bed.Node.Status.Release;
        Assert.Equal("delta", Assert.IsType<ReloadCommitted>(await Edit(2)).Lane);
        await _pipeline.DisposeAsync(); // what nobody waits for has been written
        _pipeline = _bed.Make("Debug", _time, builder: _builder, deltas: true);

        var history = new History(_bed.Scratch.State, TimeProvider.System, NullLogger<History>.Instance).Read();

        Assert.Equal(("delta", released, _bed.Events.All.OfType<BuildFinished>().Last().ContentHash), (history[0].Lane, history[0].Release, history[0].ContentHash));
        Assert.NotEqual(history[1].ContentHash, history[0].ContentHash);
    }

    /// <summary>The tree is known by its release, which failed on trial: it is not live before somebody asks.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Tree_whose_release_failed_on_trial_is_refused_before_its_delta_is_live()
    {
        await Serve();
        var failed = _bed.Releases.Find(_bed.Node.Status.Release!).Release!;
        Assert.Equal("delta", Assert.IsType<ReloadCommitted>(await Edit(2)).Lane);
        await File.WriteAllTextAsync(_bed.Scratch.State.Bad, failed.Manifest.ContentHash + "\n", TestContext.Current.CancellationToken);
        var serves = _bed.Node.Status;

        var refused = Assert.IsType<ReloadRefused>(await Edit(1));

        Assert.Contains($"{failed.Id}, which failed on trial", Assert.Single(refused.Problems));
        Assert.Contains("watchreload reload --force", Assert.Single(refused.Problems));
        Assert.Equal(serves, _bed.Node.Status);
        Assert.Equal("delta", Assert.IsType<ReloadCommitted>(await Edit(3)).Lane);
    }

    [Fact(Timeout = 120_000)]
    public async Task Refusal_of_what_served_before_names_the_rollback()
    {
        await Serve();
        var before = _bed.Node.Status.Release;
        Write(2);
        Assert.IsType<ReloadCommitted>(await Force());
        _bed.Node.Answer = FakeNode.Refuse("EState is no longer there.");

        Write(1);
        var undone = Assert.IsType<ReloadRefused>(await Force());
        Write(3);
        var other = Assert.IsType<ReloadRefused>(await Force());

        Assert.Equal(["EState is no longer there.", $"watchreload rollback {before}"], [undone.Problems[0], undone.Problems[1][^$"watchreload rollback {before}".Length..]]);
        Assert.Equal(["EState is no longer there."], other.Problems);

        Task<DaemonEvent> Force() => _pipeline.Reload(new ReloadOrder { Cause = "watch", Force = true }, _bed.Events, TestContext.Current.CancellationToken); // no delta
    }

    /// <summary>What was built, or failed, since there were so many events.</summary>
    private async Task<BuildFinished> Built(int before)
    {
        while (!_bed.Events.All.Skip(before).Any(happened => happened is BuildFinished or BuildFailed or BuildAnalyzed))
            await _bed.Events.Next<DaemonEvent>();
        return Assert.IsType<BuildFinished>(_bed.Events.All.Skip(before).First(happened => happened is BuildFinished or BuildFailed or BuildAnalyzed));
    }

    private async Task UseAnalyzer()
    {
        var packages = Directory.CreateDirectory(Path.Combine(_bed.Scratch.State.Root, "packages-here")).FullName; // what lies there does not change
        var path = Path.Combine(packages, ThreadsAnalyzer.Assembly);
        // Well before it is built: what is written in the moments before a build may or may not be in it, and then nothing goes on from that one.
        _bed.Scratch.Write("src/S.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><RestoreFallbackFolders>{packages}</RestoreFallbackFolders></PropertyGroup>
              <ItemGroup><Analyzer Include="{path}" /></ItemGroup></Project>
            """);
        var project = _bed.Scratch.Write("threads/Threads.csproj", ThreadsAnalyzer.Project);
        _bed.Scratch.Write("threads/Threads.cs", ThreadsAnalyzer.Source);
        var built = await _builder.Build(_bed.Settings("Debug").BuildRequest with { Project = project }, TestContext.Current.CancellationToken);
        Assert.True(built.Succeeded, string.Join('\n', built.Diagnostics));
        File.Copy(built.Outputs.Single(output => output.Path == ThreadsAnalyzer.Assembly).Source, path);
    }

    /// <summary>The node runs a release of the tree, and the builder is ready for deltas.</summary>
    private async Task Serve()
    {
        var released = Assert.IsType<ReloadCommitted>(await Reload());
        var manifest = _bed.Releases.Find(released.Release).Release!.Manifest;
        _bed.Node.Status = _bed.Node.Status with { SourceHash = manifest.SourceHash, Loaded = [new LoadedAssembly("S", manifest.Files.Single(file => file.Path == "S.dll").Mvid!.Value, 0)] };
        await _builder.WarmUp(_bed.Settings("Debug").BuildRequest with { Deltas = true }, TestContext.Current.CancellationToken);
    }

    private async Task<DaemonEvent> Edit(int body)
    {
        Write(body);
        await _pipeline.Beforehand.Anticipate();
        return await Reload();
    }

    private Task<DaemonEvent> Reload() => _pipeline.Reload(new ReloadOrder { Cause = "watch" }, _bed.Events, TestContext.Current.CancellationToken);

    private static ReloadReport Take(FakeNode node, ReloadRequest request)
    {
        var report = FakeNode.Commit(node, request);
        if (request.Delta is { } delta)
        {
            var made = Assert.Single(delta.Assemblies);
            node.Status = node.Status with { SourceHash = delta.SourceHash, Deltas = node.Status.Deltas + 1, Loaded = [new LoadedAssembly(made.Assembly, made.Mvid, made.Generation, made.Id)] };
        }

        return report;
    }

    private void Write(int body) => _bed.Scratch.Write("src/A.cs", $"class A {{ int One() {{ return {body.ToString(CultureInfo.InvariantCulture)}; }} }}");

    /// <summary>How often the builder was asked for a build.</summary>
    private async Task<int> Builds()
    {
        using var client = new PipeClient(_bed.Scratch.State, $"builder-{Environment.ProcessId}");
        return (await client.Get("/v1/status", ControlJson.Default.BuilderStatus, TestContext.Current.CancellationToken)).Builds;
    }
}
