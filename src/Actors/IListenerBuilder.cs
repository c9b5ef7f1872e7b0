using System.Buffers;
using System.Net;

namespace WatchReload.Actors;

/// <summary>Chooses how a listener's byte stream is cut into frames.</summary>
public interface IListenerBuilder
{
    /// <summary>Lines that end with <c>\n</c> or <c>\r\n</c>, of at most <paramref name="maxLength"/> bytes without the end. Frames have no line end.</summary>
    IFramedListener Lines(int maxLength);

    /// <summary>Frames with their length in front; <paramref name="maxLength"/> is that of the frame without the prefix.</summary>
    IFramedListener LengthPrefixed(LengthPrefix prefix, int maxLength);

    /// <summary>Whatever has arrived is a frame, cut at <paramref name="maxLength"/> bytes.</summary>
    IFramedListener Raw(int maxLength);

    /// <summary>
    /// A framing of the service's own, taken from the version's container (a singleton there, unless the service registers it otherwise)
    /// and replaced at the commit; it must be stateless.
    /// </summary>
    IFramedListener Framing<TFraming>() where TFraming : class, IFraming;
}

/// <summary>Chooses the actor that each accepted connection gets.</summary>
public interface IFramedListener
{
    /// <summary>Every accepted connection becomes an actor, started with the state that <paramref name="first"/> returns.</summary>
    IActorOptions Accept<TBehavior, TState, TMessage>(Func<AcceptedConnection, TState> first)
        where TBehavior : ConnectionBehavior<TState, TMessage>
        where TState : notnull
        where TMessage : notnull;

    /// <summary>
    /// How many bytes may wait to be sent to one peer (default 1 MiB). Nothing more is read from a peer while half of it waits;
    /// past it the peer is disconnected.
    /// </summary>
    IFramedListener OutboundLimit(int bytes);
}

/// <summary>The form of a length in front of a frame.</summary>
public enum LengthPrefix
{
    /// <summary>One byte.</summary>
    UInt8,

    /// <summary>Two bytes, most significant first.</summary>
    UInt16BigEndian,

    /// <summary>Two bytes, least significant first.</summary>
    UInt16LittleEndian,

    /// <summary>Four bytes, most significant first.</summary>
    UInt32BigEndian,

    /// <summary>Four bytes, least significant first.</summary>
    UInt32LittleEndian,
}

/// <summary>What is known of a connection when it is accepted; plain data, so a state may keep it.</summary>
/// <param name="Listener">The listener's name.</param>
/// <param name="Remote">The peer's address.</param>
/// <param name="Local">The address it connected to.</param>
public sealed record AcceptedConnection(string Listener, EndPoint Remote, EndPoint Local);

/// <summary>The outcome of <see cref="IFraming.TryRead"/>.</summary>
public enum FrameRead
{
    /// <summary>Not a whole frame yet; nothing was taken.</summary>
    NeedMore,

    /// <summary>A frame was taken, of at least one byte with all that belongs to it.</summary>
    Frame,

    /// <summary>What has arrived can never become a frame.</summary>
    Malformed,
}

/// <summary>Cuts a byte stream into frames and puts frames on it. Stateless: unread bytes stay in the node over a reload.</summary>
public interface IFraming
{
    /// <summary>
    /// Takes one frame off the front of <paramref name="unread"/>. On <see cref="FrameRead.Frame"/> <paramref name="unread"/> is
    /// advanced past the frame and all that belongs to it, by at least one byte; otherwise it is left as it was. <paramref name="error"/> says
    /// what is wrong with a malformed one. A frame that takes no byte would be there again for ever: it counts as malformed.
    /// </summary>
    FrameRead TryRead(ref ReadOnlySequence<byte> unread, out ReadOnlySequence<byte> frame, out string? error);

    /// <summary>Writes <paramref name="frame"/> as it travels.</summary>
    void Write(ReadOnlySpan<byte> frame, IBufferWriter<byte> output);
}
