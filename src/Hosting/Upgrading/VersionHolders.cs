using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>What keeps a version that has been replaced, as far as the node itself knows it: by name and since when.</summary>
internal static class VersionHolders
{
    public static IEnumerable<string> Of(ActorKernel kernel, ServiceVersion version) =>
    [
        .. kernel.Cells.Where(actor => ReferenceEquals(actor.Binding.Version, version) || ReferenceEquals(actor.ChangesTo, version)).Select(actor => $"{Described(actor, version)}{Timers(actor)}"),
        .. kernel.Background.Of(version.Number).Select(actor => $"piped work of {actor} ({actor.Binding.Name})"),
        .. AsksOf(kernel, version).Select(actor => $"an ask that waits for {actor} ({actor.Binding.Name})"),
        .. version.Hosted.Running,
    ];

    /// <summary>Actors that owe replies of the version's types.</summary>
    public static IReadOnlyList<ActorCell> AsksOf(ActorKernel kernel, ServiceVersion version) =>
        kernel.Current is ServiceVersion current ? kernel.Asks.Where(type => current.IsForeign(type) && !version.IsForeign(type)) : [];

    private static string Described(ActorCell actor, ServiceVersion version) => actor.ParkedNotice is { } parked
        ? $"actor {actor} ({actor.Binding.Name}), parked since {parked.Since:O}: {parked.Reason}"
        : $"actor {actor} ({actor.Binding.Name}), {(actor.IsChanging ? "whose state is being carried over" : "in a turn")}{((actor.WaitsSince ?? version.ReplacedAt) is { } since ? $" since {since:O}" : "")}";

    private static string Timers(ActorCell actor) => actor.TimerKeys is { Count: > 0 } keys ? $", with timers {string.Join(", ", keys.Select(key => $"'{key}'"))}" : "";
}
