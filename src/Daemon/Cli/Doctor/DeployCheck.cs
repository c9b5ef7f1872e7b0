using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Cli.Doctor;

/// <summary>What keeps new code, or a node, from coming up.</summary>
internal static class DeployCheck
{
    private const string Check = "deploys";

    public static IEnumerable<Finding> Run(Workplace place, TimeProvider time)
    {
        var any = false;
        if (Freeze.Read(place.State) is { } freeze)
        {
            any = true;
            yield return Finding.Warning(Check, freeze.Sentence, "Lift it: watchreload unfreeze");
        }

        foreach (var node in place.Nodes)
        {
            if (new Fallback(place.State, node.Name, (_, _) => null).InForce is not { } fallen)
                continue;
            any = true;
            yield return Finding.Warning(Check, $"Node {node.Name} could not start on {fallen.Failed} and starts on {fallen.Instead}.", $"Deploy another release; or try that one again: watchreload restart {fallen.Failed}");
        }

        var releases = new ReleaseStore(place.State, time, NullLogger<ReleaseStore>.Instance).List();
        if (!any)
            yield return Finding.Ok(Check, releases.Count == 0 ? "There is no release yet." : $"The newest of {releases.Count} releases is {releases[0].Id}; nothing holds deploys up.");
    }
}
