using System.Text;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Testing;

/// <summary>
/// An actor with a connection in memory, and the peer at its other end. Frames go in and come out whole: framing is not part of it, as it is
/// not part of a behavior. What the peer does is taken in order, and only when the actor takes frames.
/// </summary>
public sealed class TestConnection<TState, TMessage> : TestActor<TState, TMessage> where TState : notnull where TMessage : notnull
{
    private readonly TestInlet _inlet;

    internal TestConnection(TestNode node, ActorCell cell, TestInlet inlet) : base(node, cell) => _inlet = inlet;

    /// <summary>The peer sends a frame.</summary>
    public void Frame(ReadOnlySpan<byte> frame) => Arrives(new Arrival(InletRead.Frame, frame.ToArray()));

    /// <summary>The peer sends a frame of text.</summary>
    public void Line(string line) => Frame(Encoding.UTF8.GetBytes(line));

    /// <summary>The peer sends what is not a frame; <paramref name="error"/> is what the framing says.</summary>
    public void Malformed(string error) => Arrives(new Arrival(InletRead.Malformed, Error: error));

    /// <summary>The peer sends no more. It still reads.</summary>
    public void PeerCloses() => Arrives(new Arrival(InletRead.Ended));

    /// <summary>The connection is lost.</summary>
    public void PeerAborts() => Cell.RequestStop(StopReason.PeerAborted);

    /// <summary>The next thing that was sent to the peer: a frame, or the bytes that one turn wrote to <c>Output</c>.</summary>
    /// <exception cref="ExpectationException">The node is at rest and nothing more was sent.</exception>
    public async Task<byte[]> Sent()
    {
        await Node.Quiet();
        return _inlet.TakeSent() ?? throw new ExpectationException(
            $"{Cell} has sent nothing more{(Stopped is { } why ? $", and it has stopped ({why})" : "")}.{Node.Hint}");
    }

    /// <summary><see cref="Sent"/> as text.</summary>
    public async Task<string> SentLine() => Encoding.UTF8.GetString(await Sent());

    /// <summary>Holds when the node is at rest and nothing more was sent.</summary>
    /// <exception cref="ExpectationException">Something was.</exception>
    public async Task SentNothing()
    {
        await Node.Quiet();
        if (_inlet.TakeSent() is { } sent) throw new ExpectationException($"{Cell} has sent: {Encoding.UTF8.GetString(sent)}");
    }

    private void Arrives(Arrival arrival)
    {
        _inlet.Arrived(arrival);
        Cell.InletReadyHere();
    }
}
