using System.Buffers;
using System.Runtime.InteropServices;
using WatchReload.Actors;
using WatchReload.Hosting.Tcp;
using WatchReload.Hosting.Tests.Kernel;

namespace WatchReload.Hosting.Tests.Tcp;

/// <summary>What a connection holds of what has waited for its peer, when the peer has read it.</summary>
public sealed class PendingBytesTests
{
    private const int Limit = 1_000_000;
    private const int Much = 100_000;

    [Fact(Timeout = 60_000)]
    public async Task Nothing_when_frames_have_waited()
    {
        await using var node = new KernelHarness(new PlainVersion(1, new ScriptedConnection()));
        var framing = new Watched();
        var peer = new MemoryPeer(node, framing, Limit);
        peer.Turn(self =>
        {
            self.Write(new byte[Limit / 2]); // the transport takes no more
            self.Write(new byte[Much]);
        });
        await node.Quiet();
        Assert.True(IsHeld(framing.Last!));

        await peer.Read((Limit / 2) + Much);
        await node.Quiet();
        Assert.False(IsHeld(framing.Last!));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_when_unframed_bytes_have_waited_for_the_end_of_a_turn()
    {
        await using var node = new KernelHarness(new PlainVersion(1, new ScriptedConnection()));
        var peer = new MemoryPeer(node, outboundLimit: Limit);
        WeakReference? memory = null;
        peer.Turn(self =>
        {
            memory = ArrayOf(self.Output.GetMemory(Much));
            self.Output.Advance(Much);
        });
        await peer.Read(Much);
        await node.Quiet();
        Assert.False(IsHeld(memory!));
    }

    [Fact(Timeout = 60_000)]
    public void The_memory_of_a_few_bytes_is_used_again()
    {
        var bytes = new PendingBytes();
        bytes.Write("few"u8);
        var before = ArrayOf(bytes.GetMemory());
        bytes.Clear();
        Assert.Same(before.Target, ArrayOf(bytes.GetMemory()).Target);
    }

    private static WeakReference ArrayOf(Memory<byte> memory) => MemoryMarshal.TryGetArray<byte>(memory, out var segment) ? new WeakReference(segment.Array) : throw new InvalidOperationException("It is no array.");

    private static bool IsHeld(WeakReference memory)
    {
        GC.Collect();
        return memory.IsAlive;
    }

    /// <summary>Frames without anything around them.</summary>
    private sealed class Watched : IFraming
    {
        /// <summary>Where the last one was written to.</summary>
        public WeakReference? Last { get; private set; }

        public FrameRead TryRead(ref ReadOnlySequence<byte> unread, out ReadOnlySequence<byte> frame, out string? error)
        {
            (frame, error) = (default, null);
            return FrameRead.NeedMore;
        }

        public void Write(ReadOnlySpan<byte> frame, IBufferWriter<byte> output)
        {
            Last = ArrayOf(output.GetMemory(frame.Length));
            output.Write(frame);
        }
    }
}
