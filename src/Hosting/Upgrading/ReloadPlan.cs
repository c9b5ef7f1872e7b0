using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Upgrading;

/// <summary>What a reload would do, found out before anything is touched.</summary>
internal sealed record ReloadPlan(IReadOnlyList<string> Problems, IReadOnlyList<string> Warnings, Reversibility Reversible, IReadOnlyList<string> Losses)
{
    public static readonly ReloadPlan Empty = new([], [], Reversibility.Yes, []);

    /// <summary>Pairs every live state, every message and timer payload seen, and every behavior that has actors with its namesake in the new version.</summary>
    public static ReloadPlan Make(ActorKernel kernel, ServiceVersion next)
    {
        var problems = new List<string>();
        var serving = (kernel.Current as ServiceVersion)?.Release;
        var live = LiveBehaviors.Of(kernel);
        var leaving = new List<string>();
        var roots = new HashSet<(Type Old, Type? Slot)>();
        var sent = new HashSet<Type>();
        foreach (var (binding, (count, states)) in live)
        {
            if (next.FindBehavior(binding.Name) is not { } paired)
            {
                if (next.StopsUnknown) leaving.Add($"{count} actors of {binding.Name} are stopped: the release is older than their behavior");
                else problems.Add($"{count} actors of {binding.Name} run, and the release has no such behavior. Stop declaring it first, and delete the class a release later.");
                continue;
            }

            if (IsConnection(paired) != IsConnection(binding))
                problems.Add($"{binding.Name} has actors that run and cannot become a {(IsConnection(paired) ? "connection's" : "plain")} behavior. Give the new one another name.");
            roots.UnionWith(states.Select(state => (state, (Type?)paired.StateType)));
            sent.UnionWith(binding.SentTypes);
        }

        foreach (var (name, declared) in next.Declaration.Actors)
        {
            if (kernel.FindNamed(name) is { IsStopping: false } running && running.Binding.Name != BehaviorBinding.NameOf(declared.Behavior))
                problems.Add($"The actor '{name}' runs as {running.Binding.Name} and is declared as {BehaviorBinding.NameOf(declared.Behavior)}. Stop declaring it for one release, or give the new one another name.");
        }

        bool IsInUse(Type type) => serving is null || !serving.Has(type.Assembly) || serving.Has(type);
        if (!next.StopsUnknown) roots.UnionWith(sent.Select(type => (type, (Type?)null)));
        var mapping = next.Mapping.Plan(roots, IsInUse);
        problems.AddRange(mapping.Problems);
        var messages = next.StopsUnknown ? OnTheWayBack(next, sent, IsInUse, leaving) : null;
        List<string> warnings =
        [
            .. leaving, .. Undeclared(kernel, next), .. next.Release.Warnings, .. mapping.Warnings.Union(messages?.Warnings ?? []),
            .. mapping.Removed.Union(messages?.Removed ?? []).Select(path => $"{path} is removed: its values are dropped"),
            .. mapping.Given.Select(path => $"{path} gets its default: what it was before is not in the state any more"),
        ];
        return new ReloadPlan(problems, warnings, mapping.Reversible, mapping.Losses);
    }

    /// <summary>What was declared by its name runs on for a while, and nobody who looks for another name finds it.</summary>
    private static IEnumerable<string> Undeclared(ActorKernel kernel, ServiceVersion next)
    {
        foreach (var name in kernel.Names.Where(name => !next.Declaration.Actors.ContainsKey(name)).Order(StringComparer.Ordinal))
        {
            if (kernel.FindNamed(name) is not { IsStopping: false } running || next.FindBehavior(running.Binding.Name) is null) continue;
            yield return next.StopsUnknown
                ? $"The release does not declare the actor '{name}': it is stopped, and its state is gone"
                : $"The actor '{name}' is declared no more: it is stopped, and its state is gone, when the release has passed its probation. A name is what a state is kept by: if it was only renamed, keep the old name, or hand the state on in CodeChange";
        }

        // That an older release does not have what came after it goes without saying.
        if (next.StopsUnknown || kernel.Current is not ServiceVersion serving) yield break;
        foreach (var name in serving.Declaration.Listeners.Keys.Where(name => !next.Declaration.Listeners.ContainsKey(name)).Order(StringComparer.Ordinal))
            yield return $"The listener '{name}' is declared no more: it is stopped, and its connections are closed, when the release has passed its probation";
    }

    /// <summary>No message keeps the node from going back: that such were sent does not mean that one is queued, and one that is becomes a dead letter.</summary>
    private static MappingPlan OnTheWayBack(ServiceVersion next, HashSet<Type> sent, Func<Type, bool> isInUse, List<string> lost)
    {
        lost.AddRange(sent.Where(type => !next.Knows(type)).Select(type => $"The release does not know {TypeNames.Full(type)}: messages of it become dead letters, and timers that bring it are stopped"));
        var plan = next.Mapping.Plan(sent.Where(next.Knows).Select(type => (type, (Type?)null)), isInUse);
        lost.AddRange(plan.Problems.Select(problem => $"{problem}. Messages of it become dead letters; a timer that brings it keeps the node from going back"));
        return plan;
    }

    private static bool IsConnection(BehaviorBinding binding) => binding.GetType().GetGenericTypeDefinition() == typeof(ConnectionBinding<,>);
}
