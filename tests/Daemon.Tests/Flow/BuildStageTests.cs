using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Flow;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Flow;

/// <summary>When a build may be a delta of what a node has, with a builder.</summary>
public sealed class BuildStageTests : IAsyncLifetime
{
    private const string Source = "src/A.cs";
    private const string Content = "src/settings.json";
    private PipelineBed _bed = null!;
    private BuilderHost _builder = null!;
    private BuildStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _bed = await PipelineBed.Create();
        _bed.Scratch.Write("global.json", "{}");
        _bed.Scratch.Write("Directory.Build.props", "<Project />");
        _bed.Scratch.Write("src/S.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><Content Include="settings.json" CopyToOutputDirectory="PreserveNewest" /></ItemGroup></Project>
            """);
        Write(body: 1, content: 1);
        _builder = new BuilderHost(new BuilderSettings(_bed.Scratch.State), TimeProvider.System, NullLogger<BuilderHost>.Instance);
        _stage = new BuildStage(_bed.Settings("Debug") with { Deltas = true }, _builder, _bed.Releases, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _builder.DisposeAsync();
        await _bed.DisposeAsync();
    }

    /// <summary>Its content is in no release, so that no node has it, and a delta would not bring it.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Body_goes_with_a_release_when_content_was_built_and_its_release_was_broken_off()
    {
        var (released, has) = await Released();
        Write(body: 2, content: 1);
        var told = new List<BuildInputs>();
        var delta = await Build(On(released, has), told.Add); // else the last one would say nothing
        Assert.Equal(BuildLane.Delta, delta.Outcome.Lane);
        Assert.Single(told);

        Write(body: 2, content: 2);
        using var broken = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Build(null, _ => broken.Cancel(), broken.Token));
        await WarmUp();
        Write(body: 3, content: 2);
        var next = await Build(On(released, has with { Generation = 1, Delta = Assert.Single(delta.Delta!.Value.Delta.Assemblies).Id }));

        Assert.Equal((BuildLane.Replay, "what MSBuild built last is no release, so that content and packages may be others"), (next.Outcome.Lane, next.Outcome.LaneReason));
        Assert.Contains(next.Release!.Manifest.Files, file => file.Path == "settings.json" && File.ReadAllText(Path.Combine(next.Release.Directory, file.Path)) == "2");
    }

    [Fact(Timeout = 120_000)]
    public async Task What_was_made_while_the_save_settled_is_the_delta_and_the_builder_is_not_asked_again()
    {
        var (released, has) = await Released();
        Write(body: 2, content: 1);
        await Anticipated();
        File.Delete(_bed.Scratch.Write("src/B.cs", "class B { int One() { return 1; } }"));
        var told = new List<BuildInputs>();
        var built = await Build(On(released, has), told.Add);

        Assert.True(IsAnticipated(built));
        Assert.Equal(released.Outcome.Inputs.Files, Assert.Single(told).Files); // the watcher knows that something was built
        var delta = built.Delta!.Value.Delta;
        Assert.Equal(_stage.TreeHash(TestContext.Current.CancellationToken), delta.SourceHash);
        var next = has with { Generation = 1, Delta = Assert.Single(delta.Assemblies).Id };

        // The node has taken it: the next one starts there.
        _stage.Anticipated.NodeTook([has], delta.Assemblies);
        Write(body: 3, content: 1);
        await Anticipated();
        built = await Build(On(released, next));
        Assert.Equal((true, 2), (IsAnticipated(built), Assert.Single(built.Delta!.Value.Delta.Assemblies).Generation));

        // It has refused that: the next one starts where it is, as nobody said that it was taken. So it does when a release of the tree was built in between.
        for (var body = 4; body < 6; body++)
        {
            Write(body, content: 1);
            await Anticipated();
            built = await Build(On(released, next));
            Assert.Equal((true, 2), (IsAnticipated(built), Assert.Single(built.Delta!.Value.Delta.Assemblies).Generation));
            Assert.NotNull((await Build(null)).Release);
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData("the node has another version")]
    [InlineData("the save went on")]
    [InlineData("another input is another")]
    [InlineData("a file came that no input is like")]
    [InlineData("a source file came")]
    public async Task What_was_made_while_the_save_settled_is_nothing_when_anything_is_another_by_then(string what)
    {
        var (released, has) = await Released();
        Write(body: 2, content: 1);
        if (what == "the node has another version")
        {
            var first = await Build(On(released, has));
            _stage.Anticipated.NodeTook([has], first.Delta!.Value.Delta.Assemblies); // and was started anew since
            Write(body: 3, content: 1);
        }

        await Anticipated();
        switch (what)
        {
            case "the save went on":
                Write(body: 4, content: 1);
                break;
            case "another input is another":
                Write(body: 2, content: 2);
                break;
            case "a file came that no input is like":
                _bed.Scratch.Write("src/data/new.txt", "");
                break;
            case "a source file came":
                _bed.Scratch.Write("src/B.cs", "class B { int One() { return 1; } }");
                break;
        }

        var built = await Build(On(released, has));
        Assert.False(IsAnticipated(built));
        var tree = built.Delta?.Delta.SourceHash ?? built.Release?.Manifest.SourceHash;
        Assert.Equal(_stage.TreeHash(TestContext.Current.CancellationToken), tree);
    }

    /// <summary>Its content is in no release, so that no node has it, and a delta would not bring it.</summary>
    [Fact(Timeout = 120_000)]
    public async Task What_was_made_while_the_save_settled_is_nothing_when_MSBuild_has_built_what_no_release_has()
    {
        var (released, has) = await Released();
        Write(body: 1, content: 2);
        using var broken = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Build(null, _ => broken.Cancel(), broken.Token));
        await WarmUp();
        Write(body: 2, content: 2);
        await Anticipated();

        var built = await Build(On(released, has));
        Assert.Equal((false, BuildLane.Replay), (IsAnticipated(built), built.Outcome.Lane));
    }

    private Task Anticipated() => _stage.Anticipated.Begin(TestContext.Current.CancellationToken);

    /// <summary>A build that was asked for has looked at the tree for itself.</summary>
    private static bool IsAnticipated(BuildResult built) => built.Outcome.Read is not null;

    [Fact(Timeout = 120_000)]
    public async Task File_that_comes_is_a_delta_to_the_tree_with_it()
    {
        var (released, has) = await Released();
        _bed.Scratch.Write("src/B.cs", "class B { int One() { return 1; } }");

        var built = await Build(On(released, has));

        Assert.Equal((BuildLane.Delta, null), (built.Outcome.Lane, built.Outcome.LaneReason));
        Assert.Equal(_stage.TreeHash(TestContext.Current.CancellationToken), built.Delta!.Value.Delta.SourceHash);
        Assert.NotEqual(released.Release!.Manifest.SourceHash, built.Delta.Value.Delta.SourceHash);
        _bed.Scratch.Write("src/B.cs", "class B { int One() { return 2; } }");
        Assert.NotEqual(_stage.TreeHash(TestContext.Current.CancellationToken), built.Delta.Value.Delta.SourceHash); // it is one of the inputs
    }

    [Theory(Timeout = 120_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_files_have_been_seen_again_when_there_was_a_build_since_one_of_another_kind_came(bool delta)
    {
        var (released, has) = await Released();
        Assert.True(_stage.HasSeenAll);
        _bed.Scratch.Write("src/notes.txt", "");
        Assert.False(_stage.HasSeenAll);
        Write(body: 2, content: 1);

        await Build(delta ? On(released, has) : null);
        Assert.True(_stage.HasSeenAll);
        Assert.True(KnownTree.Load(_bed.Scratch.State)!.HasSeenAll());
    }

    [Fact(Timeout = 120_000)]
    public async Task File_of_another_kind_has_not_been_seen_when_it_came_while_the_tree_was_built()
    {
        await Released();
        Write(body: 2, content: 1);

        await Build(null, learned: _ => _bed.Scratch.Write("src/.editorconfig", "root = true"));
        Assert.False(_stage.HasSeenAll);
        await Build(null);
        Assert.True(_stage.HasSeenAll);
    }

    /// <summary>Else the tree with both would be taken for what the node has.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Tree_is_built_as_a_release_when_another_file_comes_while_the_delta_of_the_first_is_made()
    {
        var (released, has) = await Released();
        _bed.Scratch.Write("src/B.cs", "class B { int One() { return 1; } }");
        var later = Path.Combine(_bed.Scratch.Root, "src/C.cs");
        var aside = _bed.Scratch.Write("aside/C.cs", "class C { }");
        File.SetLastWriteTimeUtc(aside, new DateTime(2001, 1, 2, 3, 4, 5, DateTimeKind.Utc));

        var built = await Build(On(released, has), learned: _ =>
        {
            if (!File.Exists(later)) File.Move(aside, later);
        });

        Assert.Null(built.Delta);
        Assert.Contains(later, built.Outcome.Inputs.Files);
        Assert.Equal(_stage.TreeHash(TestContext.Current.CancellationToken), built.Release!.Manifest.SourceHash);
    }

    /// <summary>Else it would be taken for one that no build wants.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Release_is_of_no_tree_when_a_file_comes_while_it_is_built()
    {
        await Released();
        Write(body: 2, content: 1);
        var aside = _bed.Scratch.Write("aside/C.cs", "class C { }");
        File.SetLastWriteTimeUtc(aside, new DateTime(2001, 1, 2, 3, 4, 5, DateTimeKind.Utc));

        var built = await Build(null, learned: _ => File.Move(aside, Path.Combine(_bed.Scratch.Root, "src/C.cs")));
        Assert.NotEqual(_stage.TreeHash(TestContext.Current.CancellationToken), built.Release!.Manifest.SourceHash);
        var next = await Build(null);
        Assert.Equal(_stage.TreeHash(TestContext.Current.CancellationToken), next.Release!.Manifest.SourceHash);
    }

    /// <summary>Its time says nothing then.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Release_is_of_no_tree_when_an_older_file_takes_the_place_of_a_source_while_it_is_built()
    {
        await Released();
        Write(body: 2, content: 1);
        var aside = _bed.Scratch.Write("aside/A.txt", "class A { int One() { return 3; } }");
        File.SetLastWriteTimeUtc(aside, new DateTime(2001, 1, 2, 3, 4, 5, DateTimeKind.Utc));

        var built = await Build(null, learned: _ => File.Move(aside, Path.Combine(_bed.Scratch.Root, Source), overwrite: true));

        Assert.NotEqual(_stage.TreeHash(TestContext.Current.CancellationToken), built.Release!.Manifest.SourceHash);
    }

    /// <summary>As that of a new state directory, whose first build is the longest.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Release_is_of_no_tree_when_a_file_comes_while_it_is_built_and_nothing_was_known_before()
    {
        File.Delete(Path.Combine(_bed.Scratch.State.Root, "inputs.json"));
        _stage = new BuildStage(_bed.Settings("Debug"), _builder, _bed.Releases, TimeProvider.System);
        var aside = _bed.Scratch.Write("aside/C.cs", "class C { }");
        File.SetLastWriteTimeUtc(aside, new DateTime(2001, 1, 2, 3, 4, 5, DateTimeKind.Utc));

        var built = await Build(null, learned: _ => File.Move(aside, Path.Combine(_bed.Scratch.Root, "src/C.cs")));
        Assert.NotEqual(_stage.TreeHash(TestContext.Current.CancellationToken), built.Release!.Manifest.SourceHash);
    }

    /// <summary>Of what is in it the file system says nothing.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Release_is_of_no_tree_when_a_directory_comes_while_it_is_built_and_nothing_was_known_before()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only there the system tells when a directory was moved.");
        _bed.Scratch.Write("aside/Feature/C.cs", "class C { }");
        await Released(); // in which it grows older
        File.Delete(Path.Combine(_bed.Scratch.State.Root, "inputs.json"));
        _stage = new BuildStage(_bed.Settings("Debug"), _builder, _bed.Releases, TimeProvider.System);

        var built = await Build(null, learned: _ => Directory.Move(Path.Combine(_bed.Scratch.Root, "aside/Feature"), Path.Combine(_bed.Scratch.Root, "src/Feature")));
        Assert.NotEqual(_stage.TreeHash(TestContext.Current.CancellationToken), built.Release!.Manifest.SourceHash);
    }

    [Fact(Timeout = 120_000)]
    public async Task Release_is_of_its_tree_when_a_project_joins_that_leaves_a_source_file_out()
    {
        _bed.Scratch.Write("lib/L.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup><Compile Remove="templates/**" /></ItemGroup></Project>""");
        _bed.Scratch.Write("lib/templates/T.cs", "no code");
        await Released(); // in which they grow older
        var project = Path.Combine(_bed.Scratch.Root, "src/S.csproj");
        await File.WriteAllTextAsync(project, (await File.ReadAllTextAsync(project, TestContext.Current.CancellationToken)).Replace("<ItemGroup>", """<ItemGroup><ProjectReference Include="../lib/L.csproj" />""", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var built = await Build(null);
        Assert.Equal(_stage.TreeHash(TestContext.Current.CancellationToken), built.Release!.Manifest.SourceHash);
    }

    [Fact(Timeout = 120_000)]
    public async Task Edits_that_nobody_makes_begin_when_all_is_warm()
    {
        var (released, has) = await Released();
        Practice(released, has, TimeProvider.System);
        var asked = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _bed.Node.Before = request =>
        {
            if (request.Cause != "warmup")
                asked.TrySetResult(request.Cause);
            return Task.CompletedTask;
        };
        await using var pipeline = _bed.Make("Debug", builder: _builder, deltas: true);

        pipeline.Beforehand.WarmUp(Task.CompletedTask);
        Assert.Equal("practice", await asked.Task.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 120_000)]
    public async Task Releases_beyond_those_that_are_kept_go_after_one_more()
    {
        await Released();
        var pipeline = _bed.Make("Debug", builder: _builder, keep: 1);
        Assert.True(Directory.Exists(_bed.Old.Directory));
        Write(body: 2, content: 2);
        await pipeline.Reload(new ReloadOrder { Cause = "reload" }, _bed.Events, TestContext.Current.CancellationToken);
        await pipeline.DisposeAsync(); // what is being removed is removed

        Assert.False(Directory.Exists(_bed.Old.Directory));
    }

    [Fact(Timeout = 120_000)]
    public async Task Edits_that_nobody_makes_go_to_builder_and_node_and_leave_nothing_behind()
    {
        var (released, has) = await Released();
        var log = await File.ReadAllTextAsync(released.Outcome.Log!, TestContext.Current.CancellationToken);
        await Practice(released, has, TimeProvider.System).Run(TestContext.Current.CancellationToken);

        Assert.Equal(40, _bed.Node.Requests.Count);
        Assert.All(_bed.Node.Requests, asked => Assert.Equal(("practice", "?rehearse=true", released.Release!.Id), (asked.Request.Cause, asked.Query, asked.Request.Release)));
        Assert.Equal(log, await File.ReadAllTextAsync(released.Outcome.Log!, TestContext.Current.CancellationToken));
        Write(body: 2, content: 1);
        Assert.Equal(1, Assert.Single((await Build(On(released, has))).Delta!.Value.Delta.Assemblies).Generation);
    }

    [Fact(Timeout = 120_000)]
    public async Task They_wait_while_somebody_edits()
    {
        var (released, has) = await Released();
        var (look, between) = (TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(20));
        var time = new FakeTime();
        var practice = Practice(released, has, time);
        Assert.True(await _stage.BuilderBecomesReady(TestContext.Current.CancellationToken)); // the builder's time is the real one
        var asked = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        _bed.Node.Before = _ =>
        {
            asked.TrySetResult(TimeSpan.FromTicks(time.GetTimestamp()));
            return Task.CompletedTask;
        };
        using var over = new CancellationTokenSource();
        practice.GiveWay();
        var run = practice.Run(over.Token);

        Assert.InRange(await time.PassUntil(asked.Task, look, between), TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact(Timeout = 120_000)]
    public async Task They_end_when_the_node_takes_no_deltas()
    {
        var (released, has) = await Released();
        var time = new FakeTime();
        var practice = Practice(released, has, time);
        _bed.Node.Status = _bed.Node.Status with { Loaded = null };

        var run = practice.Run(TestContext.Current.CancellationToken).ContinueWith(_ => TimeSpan.FromTicks(time.GetTimestamp()), TaskScheduler.Default);
        Assert.Equal(TimeSpan.FromMilliseconds(250), await time.PassUntil(run, TimeSpan.FromMilliseconds(250)));
        Assert.Empty(_bed.Node.Requests);
    }

    private EditPractice Practice(BuildResult released, LoadedAssembly has, TimeProvider time)
    {
        _bed.Node.Status = _bed.Node.Status with { Release = released.Release!.Id, Loaded = [has] };
        _bed.Node.Answer = (node, request) => new ReloadReport { Verdict = ReloadVerdict.Unchanged, Release = request.Release, Version = node.Status.Version };
        return new EditPractice(_stage, On(released, has).Seat, _bed.Releases, time);
    }

    private async Task<(BuildResult Released, LoadedAssembly Has)> Released()
    {
        var released = await Build(null);
        await WarmUp();
        return (released, new LoadedAssembly("S", Mvid(released.Outcome.Outputs.Single(output => output.Path == "S.dll").Source), 0));
    }

    private Task WarmUp() => _builder.WarmUp(_bed.Settings("Debug").BuildRequest with { Deltas = true }, TestContext.Current.CancellationToken);

    private Task<BuildResult> Build(DeltaBase? from, Action<BuildInputs>? learned = null, CancellationToken? cancellation = null) =>
        _stage.Run(new ReloadOrder { Cause = "watch" }, Task.FromResult<(DeltaBase?, string?)>((from, null)), learned ?? (_ => { }), _bed.Events, cancellation ?? TestContext.Current.CancellationToken);

    private DeltaBase On(BuildResult released, LoadedAssembly has) =>
        new(new NodeSeat(_bed.Link, new NodeDelivery(_bed.Link, new Fence(_bed.Scratch.State, "main", TimeProvider.System), TimeProvider.System), null), _bed.Node.Status with { Loaded = [has] }, released.Release!);

    private void Write(int body, int content)
    {
        _bed.Scratch.Write(Source, $"class A {{ int One() {{ return {body}; }} }}");
        _bed.Scratch.Write(Content, $"{content}");
    }

    private static Guid Mvid(string image)
    {
        using var file = new PEReader(File.OpenRead(image));
        var metadata = file.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }
}
