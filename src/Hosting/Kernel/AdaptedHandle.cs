using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>An actor as those see it who speak another protocol. Names the protocol; the conversion is the behavior's, at dispatch.</summary>
internal sealed class AdaptedHandle(ActorCell cell, string foreign) : ActorHandle, IEquatable<AdaptedHandle>
{
    public string Foreign { get; } = foreign;

    public override ActorId Id => cell.Id;

    public override void Send(object message) => cell.Post(message, this);

    public override void Request(object request, AskSlot slot, TimeSpan deadline) => cell.Request(request, new AdaptedAsk(this, slot), slot, deadline);

    public bool Equals(AdaptedHandle? other) => other is not null && other.Id == Id && other.Foreign == Foreign;

    public override bool Equals(object? obj) => Equals(obj as AdaptedHandle);

    public override int GetHashCode() => HashCode.Combine(Id, Foreign);

    public override string ToString() => $"{cell} as {Foreign}";
}

/// <summary>A request that came through an <see cref="AdaptedHandle"/>.</summary>
internal sealed record AdaptedAsk(AdaptedHandle Handle, AskSlot Slot);
