using System.Globalization;
using WatchReload.Control;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Actors that are not where they should be, as status and reports name them.</summary>
internal static class Notices
{
    /// <summary>As many as a refusal names of those that cannot be carried over.</summary>
    private const int MostStragglers = 20;

    /// <summary>One that did not change over with the others in a reload.</summary>
    public static ActorNotice Late(ActorCell actor, LateReason reason) => Late(actor, reason switch
    {
        LateReason.SlowState => "its state takes too long to carry over while all actors wait",
        LateReason.StillChanging => "its state is still being carried over to the version before",
        LateReason.NoTime => "it ran just before the switch, which had no time left for it",
        _ => "its turn has not ended",
    });

    /// <summary>Why a reload that allows no late actors is refused: some of them, and how many more there are.</summary>
    public static IReadOnlyList<string> Stragglers(IReadOnlyDictionary<ActorCell, LateReason> late, int count)
    {
        string[] named = [.. late.Take(MostStragglers).Select(l => Straggler(l.Key, l.Value))];
        if (count <= named.Length) return named;
        return [.. named, string.Create(CultureInfo.InvariantCulture, $"{(named.Length == 0 ? "" : "And ")}{count - named.Length:N0} {(named.Length == 0 ? "" : "more ")}actors would have been late.")];
    }

    /// <summary>After those that a refusal names, as they cannot be carried over.</summary>
    public static string MoreFailed(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"And {count:N0} more {(count == 1 ? "actor" : "actors")} cannot be carried over either, or {(count == 1 ? "was" : "were")} not looked at any more.");

    /// <summary>Why one of them is in the way.</summary>
    public static string Straggler(ActorCell actor, LateReason reason) => $"{actor} ({actor.Binding.Name}) " + reason switch
    {
        LateReason.SlowState => "has a state that takes too long to carry over while all actors wait, and stragglers are refused. Allow late actors, or keep less in one actor.",
        LateReason.StillChanging => "is still being carried over to the version before, and stragglers are refused. Try again, or allow late actors.",
        LateReason.NoTime => "ran just before the switch, which had no time left for it, and stragglers are refused. Try again, or allow late actors.",
        _ => "is in a turn that does not end in time, and stragglers are refused. Try again, or allow late actors.",
    };

    /// <summary>One that is on an earlier version now.</summary>
    public static ActorNotice Late(ActorCell actor) =>
        Late(actor, actor.IsInTurn ? "its turn has not ended" : actor.IsChanging ? "its state is being carried over, after the others" : "it is about to change over");

    public static ActorNotice Parked(ActorCell actor, string reason, DateTimeOffset since) => new(actor.ToString(), actor.Binding.Name, reason, since);

    private static ActorNotice Late(ActorCell actor, string reason) =>
        new(actor.ToString(), actor.Binding.Name, reason, actor.WaitsSince ?? (actor.Binding.Version as ServiceVersion)?.ReplacedAt ?? actor.Kernel.Time.GetUtcNow());
}
