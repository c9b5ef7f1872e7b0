using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Cli.Rendering;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class ReleasesVerb(CommandContext context, StopSignal stop)
    : Verb("releases", "The releases that are kept, newest first.", context, stop)
{
    protected override async Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var opened = await Workplace.Reach(call, cancellation);
        if (!opened.Opened)
            return call.Console.Fail(opened.Failure);
        var place = opened.Place;
        var store = new ReleaseStore(place.State, call.Time, NullLogger<ReleaseStore>.Instance);
        var serving = await Serving(place, cancellation);
        var (current, trial) = (Named(place, place.State.Current), Named(place, place.State.Trial));
        var bad = store.Bad();
        var answers = store.List().Select(r => r.Manifest).Select(m => new ReleaseAnswer(
            m.Id, m.Time, m.Commit, m.Clean, m.Lane, m.Configuration, m.By, m.ContentHash, m.SourceHash,
            [.. serving[m.Id]], [.. current[m.Id]], [.. trial[m.Id]], bad.Contains(m.ContentHash))).ToArray();
        foreach (var answer in answers)
            call.Console.Json(answer, VerbJson.Default.ReleaseAnswer);
        if (!call.Json)
            ReleasesTable.Write(call.Console.Screen, answers);
        return ExitCode.Done;
    }

    private static async Task<ILookup<string, string>> Serving(Workplace place, CancellationToken cancellation)
    {
        var found = new List<(string Release, string Node)>();
        foreach (var node in place.Nodes)
        {
            using var link = new NodeLink(place.State, node.Name);
            if (await link.Status(cancellation) is { Release: { } release })
                found.Add((release, node.Name));
        }

        return found.ToLookup(f => f.Release, f => f.Node);
    }

    private static ILookup<string, string> Named(Workplace place, Func<string, string> file) => place.Nodes
        .Select(n => (Release: PointerFile.Read(file(n.Name)), n.Name))
        .Where(n => n.Release is not null)
        .ToLookup(n => n.Release!, n => n.Name);
}
