using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>How many actors each behavior has, and the types of their states.</summary>
internal static class LiveBehaviors
{
    public static Dictionary<BehaviorBinding, (int Count, HashSet<Type> States)> Of(ActorKernel kernel)
    {
        var live = new Dictionary<BehaviorBinding, (int Count, HashSet<Type> States)>();
        // Actors that follow each other are mostly alike.
        var (binding, type, alike) = ((BehaviorBinding?)null, (Type?)null, 0);
        foreach (var actor in kernel.Cells)
        {
            // Read before the check: an actor that stops in between has a StoppedBinding, which is of no version and cannot be planned for.
            var (its, state) = (actor.Binding, actor.State?.GetType());
            if (actor.IsStopping || actor.IsStopped) continue;
            if (!ReferenceEquals(its, binding) || state != type)
            {
                Add(live, binding, type, alike);
                (binding, type, alike) = (its, state, 0);
            }

            alike++;
        }

        Add(live, binding, type, alike);
        return live;
    }

    private static void Add(Dictionary<BehaviorBinding, (int Count, HashSet<Type> States)> live, BehaviorBinding? binding, Type? state, int alike)
    {
        if (binding is null) return;
        if (!live.TryGetValue(binding, out var seen)) seen = (0, []);
        if (state is not null) seen.States.Add(state);
        live[binding] = seen with { Count = seen.Count + alike };
    }
}
