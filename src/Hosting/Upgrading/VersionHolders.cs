using WatchReload.Control;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>What keeps a version that has been replaced, as far as the node itself knows it: by name and since when.</summary>
internal static class VersionHolders
{
    /// <summary>Some of each kind by name, and how many there are in all.</summary>
    public static (List<string> Named, int Count) Of(ActorKernel kernel, ServiceVersion version)
    {
        var (named, count) = (new List<string>(), 0);
        Add(kernel.Cells.Where(actor => IsOn(actor, version)), actor => $"{Described(actor, version)}{Timers(actor)}");
        Add(kernel.Cells.Where(actor => ReferenceEquals(actor.Inlet?.Holds, version)), actor => $"the connection of {actor} ({actor.Binding.Name}): its listener is declared no more, and the framing is the version's");
        Add(kernel.Background.Of(version.Number), actor => $"piped work of {actor} ({actor.Binding.Name})");
        Add(AsksOf(kernel, version), actor => $"an ask that waits for {actor} ({actor.Binding.Name})");
        Add(version.Hosted.Running, hosted => hosted);
        return (named, count);

        void Add<T>(IEnumerable<T> holders, Func<T, string> name)
        {
            var left = ActorNotice.MostNamed;
            foreach (var holder in holders)
            {
                count++;
                if (left-- > 0) named.Add(name(holder));
            }
        }
    }

    /// <summary>Actors that owe replies of the version's types.</summary>
    public static IReadOnlyList<ActorCell> AsksOf(ActorKernel kernel, ServiceVersion version) =>
        kernel.Current is ServiceVersion current ? kernel.Asks.Where(type => current.IsForeign(type) && !version.IsForeign(type)) : [];

    private static bool IsOn(ActorCell actor, ServiceVersion version) => ReferenceEquals(actor.Binding.Version, version) || ReferenceEquals(actor.ChangesTo, version);

    private static string Described(ActorCell actor, ServiceVersion version) => actor.ParkedNotice is { } parked
        ? $"actor {actor} ({actor.Binding.Name}), parked since {parked.Since:O}: {parked.Reason}"
        : $"actor {actor} ({actor.Binding.Name}), {(actor.IsChanging ? "whose state is being carried over" : "in a turn")}{((actor.WaitsSince ?? version.ReplacedAt) is { } since ? $" since {since:O}" : "")}";

    private static string Timers(ActorCell actor) => actor.TimerKeys is { Count: > 0 } keys ? $", with timers {string.Join(", ", keys.Select(key => $"'{key}'"))}" : "";
}
