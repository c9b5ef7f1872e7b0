using System.Diagnostics;
using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Loading;
using WatchReload.Hosting.Tcp;
using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Upgrading;

/// <summary>The first steps of a reload by deltas: check, apply, configure, plan, prepare.</summary>
/// <remarks>
/// Theory of operation. The loaded assemblies stay. The bodies of some of their methods become others, which may call methods that come with them, or types come beside those that they stand for: under the
/// closed gate, and of all assemblies or none. All that can be looked at is looked at before. From then on turns that start run the new bodies, still as the version before; turns
/// that are under way, and delegates that were made, end in the old ones. Then the version is made as after any load: <c>Configure</c> runs, its
/// container and behaviors are new, so nothing that an old body computed is carried along in them. The commit follows.
/// So the point of no return is the application. What fails after it is told as
/// <see cref="DeltaResult.IsApplied"/>; <see cref="ReloadAttempts"/> then goes back to the release by loading it anew. That is rare: what configures the service, and declarations, are the same, and what comes with it is nothing that a version is made of.
/// Deltas that make types anew touch nothing of what serves (<see cref="AssemblyDelta.Apart"/>): of these there is no such point before the commit, and a refusal leaves what there is.
/// </remarks>
internal sealed class DeltaPreparation(ActorKernel kernel, ReleaseLoader loader, VersionMaking making, ListenerTable listeners, Retirements retirements, ILogger logger)
{
    private static readonly TimeSpan TurnPatience = TimeSpan.FromMilliseconds(2);

    public async Task<DeltaResult> Make(ReloadRequest request, ServiceVersion? previous, ReloadTrace trace)
    {
        var tree = request.Delta!;
        if (Unfit(request, previous) is { } unfit) return new(null, new([unfit]));
        var problems = new Problems();
        var deltas = HotDelta.Of(tree, previous!.Release, problems);
        if (problems.Any) return Refused(problems);
        var isApart = tree.Assemblies.All(delta => delta.Apart);
        if (!isApart && previous.Release.IsOvertaken) return new(null, new(["An earlier delta was applied and refused: one that touches what runs would bring that with it. The release is built instead."]));
        var defaults = tree.Assemblies.SelectMany(ToldDefaults.Of).ToList();
        if (loader.WithDelta(previous.Release, tree) is not { } release) return new(null, new([$"Release {request.Release} is gone from the disk. The release is built instead."]));

        var gate = Apply(deltas, previous.Release, out var failure, out var isPartly);
        if (failure is not null)
        {
            release.Retire();
            return new(null, new([$"The runtime does not take the delta: {failure.Message}"])) { IsApplied = isPartly && !isApart };
        }

        var (next, faults) = await MakeVersion(deltas, defaults, release, previous.Number + 1, trace);
        if (next is null)
        {
            release.Retire();
            return new(null, faults) { IsApplied = !isApart };
        }

        var prepared = new PreparedReload(next, retirements) { GateBefore = gate };
        Objections objections;
        try
        {
            objections = await Prepare(prepared, trace);
        }
        catch (Exception cause)
        {
            UpgradingLog.Defect(logger, cause, request.Release);
            objections = ReloadReports.Defective(cause); // what was applied has to be undone all the same
        }

        if (objections.Problems.Count == 0) return new(prepared, objections) { IsApplied = !isApart };
        await prepared.DisposeAsync();
        return new(null, objections) { IsApplied = !isApart };
    }

    /// <summary>What goes wrong here goes wrong after the application: it is told, whatever it is.</summary>
    private async Task<(ServiceVersion? Version, Objections Objections)> MakeVersion(IReadOnlyList<HotDelta> deltas, IEnumerable<ToldDefaults> defaults, LoadedRelease release, int number, ReloadTrace trace)
    {
        try
        {
            if (loader.Updated(deltas, defaults, release) is { } missing) return (null, new([$"The runtime does not load {missing} as the delta has it. The release is built instead."]));
            trace.Ended("apply");
            var (next, faults) = await making.Make(number, release, MappingDirection.Forward);
            trace.Ended("load");
            return (next, new(faults));
        }
        catch (Exception cause)
        {
            UpgradingLog.Defect(logger, cause, release.Manifest.Id);
            return (null, ReloadReports.Defective(cause));
        }
    }

    private async Task<Objections> Prepare(PreparedReload prepared, ReloadTrace trace)
    {
        prepared.Plan = ReloadPlan.Make(kernel, prepared.Next);
        trace.Ended("plan");
        if (prepared.Plan.Problems.Count > 0) return new(prepared.Plan.Problems);
        var objections = await prepared.Prepare(kernel, listeners, Preparation.Deadline);
        trace.Ended("prepare");
        return objections;
    }

    /// <summary>Why deltas cannot be applied as the request wants it.</summary>
    private static string? Unfit(ReloadRequest request, ServiceVersion? previous) =>
        previous is null || previous.Manifest.Id != request.Release ? $"The deltas are for release {request.Release}, which is not what serves."
        : request.Rollback || request.RefuseStragglers ? "Deltas are not for a rollback, nor where stragglers are refused."
        : previous.Release.IsUnknown ? "What an earlier delta has made of what is loaded is not known. The release is built instead."
        : !System.Reflection.Metadata.MetadataUpdater.IsSupported ? "The node was not started for deltas: DOTNET_MODIFIABLE_ASSEMBLIES is not debug."
        : null;

    private static DeltaResult Refused(Problems problems) => new(null, new([.. problems.All.Select(problem => problem.ToString())]));

    private double Apply(IReadOnlyList<HotDelta> deltas, LoadedRelease release, out Exception? failure, out bool isPartly)
    {
        var closed = Stopwatch.GetTimestamp();
        kernel.Gate.Close();
        try
        {
            kernel.Gate.AwaitTurns(TurnPatience);
            (failure, isPartly) = ReleaseLoader.Apply(deltas, release);
        }
        finally
        {
            kernel.Gate.Open();
        }

        return Stopwatch.GetElapsedTime(closed).TotalMilliseconds;
    }
}

/// <summary>What the deltas have led to.</summary>
/// <param name="Prepared">All that the commit needs; null when it cannot be, and then the objections say why.</param>
internal sealed record DeltaResult(PreparedReload? Prepared, Objections Objections)
{
    /// <summary>The code that serves is another already, so that without the commit it has to be taken back.</summary>
    public bool IsApplied { get; init; }
}
