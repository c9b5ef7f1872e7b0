using WatchReload.Control;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Actors that are not where they should be, as status and reports name them.</summary>
internal static class Notices
{
    public static ActorNotice Late(ActorCell actor) =>
        new(actor.ToString(), actor.Binding.Name, "its turn has not ended", actor.SuspendedSince ?? actor.Kernel.Time.GetUtcNow());

    public static IReadOnlyList<ActorNotice> LateOf(ActorKernel kernel) =>
        [.. kernel.Cells.Where(a => !ReferenceEquals(a.Binding.Version, kernel.Current) && !a.IsParked && !a.IsStopped).Select(Late)];

    public static IReadOnlyList<ActorNotice> ParkedOf(ActorKernel kernel) =>
        [.. kernel.Cells.Select(a => (Actor: a, Notice: a.ParkedNotice)).Where(p => p.Notice is not null)
            .Select(p => new ActorNotice(p.Actor.ToString(), p.Actor.Binding.Name, p.Notice!.Value.Reason, p.Notice.Value.Since))];
}
