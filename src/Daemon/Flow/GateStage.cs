using WatchReload.Daemon.Building;
using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Git;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Flow;

/// <summary>From a commit whose push is not accepted yet to a staged release. The checkout and what is known of it stay as they are.</summary>
internal sealed class GateStage(PipelineSettings settings, BuilderHost builder, ReleaseStore releases, TimeProvider time)
{
    /// <summary>What was built; or why the commit cannot be deployed, whatever is in its code.</summary>
    public async Task<(BuildResult? Build, Refusal? Why)> Run(GateOrder order, PullRequest request, IEventSink events, CancellationToken cancellation)
    {
        if (settings.Checkout is not { } checkout)
            return (null, settings.NoCheckout ?? new Refusal("There is no git checkout to deploy to", "Make one that follows the repository: git clone"));
        var place = Path.Combine(settings.State.Root, "gate");
        var exported = new ExportedTree(order.Commit ?? "", Path.Combine(place, "tree"), Path.Combine(place, "build"), ConfigurationFile.GitTop(settings.Root) ?? checkout.Root, settings.State.Build);
        // What an earlier push left; orders come one after the other, so nobody builds there now.
        if (Directory.Exists(exported.Directory))
            Directory.Delete(exported.Directory, recursive: true);
        Directory.CreateDirectory(exported.Directory);
        try
        {
            if (await new Gate(checkout, request, order.Quarantine).Export(exported.Directory, cancellation) is { } why)
                return (null, why);
            var here = settings with { Root = exported.Here(settings.Root), Project = exported.Here(settings.Project), Exported = exported, Deltas = false };
            return (await new BuildStage(here, builder, releases, time).Run(order, _ => { }, events, cancellation), null);
        }
        finally
        {
            Directory.Delete(exported.Directory, recursive: true);
        }
    }
}
