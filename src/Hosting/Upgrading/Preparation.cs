using WatchReload.Control;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Loading;
using WatchReload.Hosting.Tcp;
using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Upgrading;

/// <summary>The first steps of a reload: load, plan, warm up, prepare.</summary>
internal sealed class Preparation(ActorKernel kernel, ReleaseLoader loader, VersionMaking making, ListenerTable listeners, Retirements retirements)
{
    /// <summary>How long the new version's own code has in each step, before it counts as hung.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>All that the commit needs, or why it cannot be: all problems of the step that found some.</summary>
    public async Task<(PreparedReload? Prepared, Objections Objections)> Make(ReloadRequest request, ServiceVersion? previous, ReloadTrace trace)
    {
        var loaded = loader.Load(request.Directory, request.ManifestHash.Length == 0 ? null : request.ManifestHash, previous?.Release);
        if (!loaded.Succeeded) return (null, Refused(loaded, previous));
        var number = (previous?.Number ?? 0) + 1;
        var (next, problems) = await making.Make(number, loaded.Release, request.Rollback ? MappingDirection.Rollback : MappingDirection.Forward);
        trace.Ended("load");
        PausePoint.Reach("loaded");
        if (next is null)
        {
            loaded.Release.Retire();
            return (null, new Objections(problems));
        }

        var prepared = new PreparedReload(next, retirements);
        Objections objections;
        try
        {
            objections = await OwnThreads.Run(() => Plan(prepared, trace));
            if (objections.Problems.Count == 0)
            {
                objections = new Objections(await WarmUp.Run(next, Deadline, kernel.Time));
                trace.Ended("warmup");
            }

            if (objections.Problems.Count == 0)
            {
                objections = await prepared.Prepare(kernel, listeners, Deadline);
                trace.Ended("prepare");
                PausePoint.Reach("prepared");
            }
        }
        catch
        {
            await prepared.DisposeAsync();
            throw;
        }

        if (objections.Problems.Count == 0) return (prepared, objections);
        await prepared.DisposeAsync();
        return (null, objections);
    }

    /// <summary>Damage alone says nothing of the code: it may be brought again. A node that starts has no time to wait for that, and goes to another release.</summary>
    private static Objections Refused(LoadResult loaded, ServiceVersion? previous) =>
        new([.. loaded.Problems.Select(p => p.ToString())], Transient: previous is not null && loaded.Problems.All(p => p.IsDamage));

    private Objections Plan(PreparedReload prepared, ReloadTrace trace)
    {
        prepared.Plan = ReloadPlan.Make(kernel, prepared.Next);
        trace.Ended("plan");
        return new Objections(prepared.Plan.Problems);
    }
}
