using WatchReload.Daemon.Building;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Git;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Flow;

/// <summary>From a commit that is not checked out to a staged release: of a push that is not accepted yet, or to be rehearsed. The checkout and what is known of it stay as they are.</summary>
internal sealed class AsideStage(PipelineSettings settings, BuilderHost builder, ReleaseStore releases, TimeProvider time)
{
    /// <summary>What was built; or why the commit cannot be deployed, whatever is in its code.</summary>
    /// <param name="order">With the commit.</param>
    /// <param name="export">Writes the commit's files to a directory, or says why not.</param>
    /// <param name="events">What happens.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public async Task<(BuildResult? Build, Refusal? Why)> Run(Order order, Func<string, Task<Refusal?>> export, IEventSink events, CancellationToken cancellation)
    {
        var exported = Place(order.Commit ?? "");
        // Before anything is removed there: the place may be another's, or a link that leads elsewhere.
        if (settings.BuildUser is { } user && SharedTree.Make(Path.GetDirectoryName(exported.Directory)!, user.Name) is { } closed)
            return (null, closed);
        // What an earlier push left; orders come one after the other, so nobody builds there now.
        if (Directory.Exists(exported.Directory))
            Directory.Delete(exported.Directory, recursive: true);
        try
        {
            Directory.CreateDirectory(exported.Directory);
            if (await export(exported.Directory) is { } why)
                return (null, why);
            if (settings.BuildUser is not null)
                SharedTree.Open(exported.Directory);
            var here = settings with { Root = exported.Here(settings.Root), Project = exported.Here(settings.Project), Exported = exported, Deltas = false };
            return (await new BuildStage(here, builder, releases, time).Run(order, _ => { }, events, cancellation), null);
        }
        finally
        {
            if (Directory.Exists(exported.Directory))
                Directory.Delete(exported.Directory, recursive: true);
        }
    }

    // A build of another user reads the tree, which must not be in its hands all the same; and it cannot enter the state directory.
    private ExportedTree Place(string commit)
    {
        var (place, artifacts) = settings.BuildUser is { } user
            ? (BuildUser.Gate(settings.State), user.GateArtifacts)
            : (Path.Combine(settings.State.Root, "gate"), Path.Combine(settings.State.Root, "gate", "build"));
        return new ExportedTree(commit, Path.Combine(place, "tree"), artifacts, settings.Top ?? settings.Root, settings.Artifacts);
    }
}
