using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Flow;

/// <summary>When the pipeline has another builder take the place of one that is too large.</summary>
public sealed class BuilderRenewalTests : IAsyncLifetime
{
    private static readonly TimeSpan EditsPause = TimeSpan.FromSeconds(2);
    private readonly FakeTime _time = new();
    private PipelineBed _bed = null!;
    private BuilderHost _builder = null!;

    public async ValueTask InitializeAsync()
    {
        _bed = await PipelineBed.Create();
        _bed.Scratch.Write("global.json", "{}");
        _bed.Scratch.Write("src/S.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        var tree = KnownTree.Load(_bed.Scratch.State)!;
        (tree with { Listing = TreeListing.Of(tree.Inputs).Hash, AskedFor = KnownTree.Asked(_bed.Settings("Debug")) }).Save(_bed.Scratch.State);
        _bed.Node.Status = _bed.Node.Status with { SourceHash = tree.Hash(_bed.Scratch.Root)! };
        _builder = new BuilderHost(new BuilderSettings(_bed.Scratch.State) { MemoryLimit = 1, FarTooLarge = long.MaxValue }, TimeProvider.System, NullLogger<BuilderHost>.Instance);
        await _builder.WarmUp(_bed.Settings("Debug").BuildRequest, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _builder.DisposeAsync();
        await _bed.DisposeAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task Builder_that_is_too_large_is_replaced_when_edits_pause_and_not_before()
    {
        using var before = Process.GetProcessById(_builder.ProcessId!.Value);
        await using var pipeline = _bed.Make("Debug", _time, builder: _builder);

        await pipeline.Rollback(new RollbackOrder { Cause = "rollback", Release = _bed.Old.Id }, _bed.Events, TestContext.Current.CancellationToken);
        await _time.Armed(EditsPause);
        Assert.Equal(before.Id, _builder.ProcessId);
        _time.Advance(EditsPause);

        await Ended(before);
        Assert.NotNull(_builder.ProcessId);
        Assert.NotEqual(before.Id, _builder.ProcessId);
    }

    [Fact(Timeout = 60_000)]
    public async Task Builder_that_is_too_large_is_replaced_after_what_else_waits_for_edits_to_pause()
    {
        using var before = Process.GetProcessById(_builder.ProcessId!.Value);
        _bed.Node.Status = _bed.Node.Status with { Deltas = 2 };
        await using var pipeline = _bed.Make("Debug", _time, builder: _builder);

        Assert.True(await pipeline.HasNothingToBuild(TestContext.Current.CancellationToken));
        await _time.PassUntil(Ended(before), EditsPause, 2 * EditsPause, 4 * EditsPause, 8 * EditsPause);

        Assert.NotEmpty(_bed.Events.All.OfType<BuildFinished>()); // the release
        Assert.NotNull(_builder.ProcessId);
        Assert.NotEqual(before.Id, _builder.ProcessId);
    }

    [Fact(Timeout = 60_000)]
    public async Task Release_that_is_owed_is_made_though_a_builder_waits_to_be_replaced()
    {
        var owing = _bed.Node.Status with { Deltas = 2 };
        await using var pipeline = _bed.Make("Debug", _time, builder: _builder);
        await pipeline.Rollback(new RollbackOrder { Cause = "rollback", Release = _bed.Old.Id }, _bed.Events, TestContext.Current.CancellationToken);
        await _time.Armed(EditsPause);
        _bed.Node.Status = owing;

        Assert.True(await pipeline.HasNothingToBuild(TestContext.Current.CancellationToken));

        await _time.PassUntil(_bed.Events.Next<BuildFinished>(), EditsPause, 2 * EditsPause, 4 * EditsPause, 8 * EditsPause);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_was_made_ready_is_kept_when_the_one_that_is_too_large_ended_meanwhile()
    {
        using var before = Process.GetProcessById(_builder.ProcessId!.Value);
        var request = _bed.Settings("Debug").BuildRequest;
        var renewal = _builder.Renew(request, TestContext.Current.CancellationToken);
        before.Kill();

        Assert.True(await renewal);
        var next = _builder.ProcessId;
        Assert.NotNull(next);
        Assert.NotEqual(before.Id, next);
        var outcome = await _builder.Build(request, TestContext.Current.CancellationToken);
        Assert.Contains(outcome.Diagnostics, diagnostic => diagnostic.Code == BuilderProblems.AsideCode && diagnostic.Message.Contains("exit code 137"));
        Assert.Equal(next, _builder.ProcessId);
    }

    private static async Task<bool> Ended(Process process)
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return true;
    }
}
