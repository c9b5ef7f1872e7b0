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
            roots.UnionWith(binding.SentTypes.Select(sent => (sent, (Type?)null)));
        }

        foreach (var (name, declared) in next.Declaration.Actors)
        {
            if (kernel.FindNamed(name) is { IsStopping: false } running && running.Binding.Name != BehaviorBinding.NameOf(declared.Behavior))
                problems.Add($"The actor '{name}' runs as {running.Binding.Name} and is declared as {BehaviorBinding.NameOf(declared.Behavior)}. Stop declaring it for one release, or give the new one another name.");
        }

        var mapping = next.Mapping.Plan(roots, type => serving is null || !serving.Has(type.Assembly) || serving.Has(type));
        problems.AddRange(mapping.Problems);
        List<string> warnings =
        [
            .. leaving, .. next.Release.Warnings, .. mapping.Warnings, .. mapping.Removed.Select(path => $"{path} is removed: its values are dropped"),
            .. mapping.Given.Select(path => $"{path} gets its default: what it was before is not in the state any more"),
        ];
        return new ReloadPlan(problems, warnings, mapping.Reversible, mapping.Losses);
    }

    private static bool IsConnection(BehaviorBinding binding) => binding.GetType().GetGenericTypeDefinition() == typeof(ConnectionBinding<,>);
}
