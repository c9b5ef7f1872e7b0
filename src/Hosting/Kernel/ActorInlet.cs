using System.Buffers;
using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

internal enum InletRead
{
    /// <summary>Nothing whole yet; the inlet calls <see cref="ActorCell.InletReady"/> when that changes.</summary>
    Empty,
    Frame,
    Malformed,

    /// <summary>The peer sends no more, and all that it sent was taken.</summary>
    Ended,
}

/// <summary>
/// The connection of an actor, as the kernel sees it. The actor pulls: it asks for a frame when it is ready to take one, in its own
/// turn. Called by the thread that runs the actor.
/// </summary>
internal abstract class ActorInlet
{
    private Client? _client;

    public abstract AcceptedConnection Connection { get; }

    /// <summary>Whose connection it is; set before anybody else can see the actor.</summary>
    public ActorCell Actor { get; set; } = null!;

    /// <summary>Whose it is. Made when somebody asks: mostly nobody does.</summary>
    public Client Client => _client = (_client ?? new Client(Actor.Id.Value, ClientAddress.Of(Connection.Remote), Actor.Kernel.Sessions)).In(Actor.Kernel.Sessions);

    public abstract IBufferWriter<byte> Output { get; }

    /// <summary>The version whose code cuts the frames, if that is not the actor's: its listener is declared no more. It counts among what that version waits for.</summary>
    public virtual CodeVersion? Holds => null;

    /// <summary>Set by HoldFrames: nothing is pulled meanwhile.</summary>
    public bool Held { get; set; }

    public abstract InletRead TryRead(out ReadOnlyMemory<byte> frame, out string? error, out StopReason ended);

    /// <summary>A turn has ended: the frame that was read for it is done with, and what it has written is complete.</summary>
    public abstract void TurnEnded();

    public abstract void Write(ReadOnlySpan<byte> frame);

    public abstract void WriteText(string text);

    /// <summary>Sends what turns have written. Another turn may be suspended, and its code may write at the same time.</summary>
    public abstract void Flush();

    /// <summary>The actor is about to leave its version for this one, whose framing and limits hold from the next frame on.</summary>
    public abstract void ChangedOver(CodeVersion version);

    /// <summary>The actor has stopped: send what is buffered, where that makes sense, and close.</summary>
    public abstract void Stopped(StopReason reason);
}
