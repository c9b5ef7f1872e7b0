using System.Buffers;
using WatchReload.Actors;
using WatchReload.Hosting.Tcp;
using WatchReload.Hosting.Tests.Kernel;

namespace WatchReload.Hosting.Tests.Tcp;

public sealed class ConnectionTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_peer_gets_its_answers_when_it_has_finished_sending()
    {
        await using var node = Node((line, self) => self.WriteLine(line + "!"));
        var peer = new MemoryPeer(node);
        await peer.Send("one\ntwo\r\n");
        await peer.Send("a line of more than sixteen bytes\nunfinished");
        peer.FinishSending();
        Assert.Equal("one!\ntwo!\na line of more than sixteen bytes!\n", await peer.ReadToEnd());
        await peer.Closed;
        await node.Until(() => peer.Actor.Cell.IsStopped);
        Assert.Equal(StopReason.PeerClosed, peer.Actor.Cell.StoppedFor);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_end_of_the_stream_waits_when_frames_are_held()
    {
        await using var node = Node((_, self) => self.HoldFrames());
        var peer = new MemoryPeer(node);
        await peer.Send("question\n");
        peer.FinishSending();
        await node.Until(() => peer.Actor.Trace.Entries.Count == 1);
        await node.Quiet();
        Assert.False(peer.Actor.Cell.IsStopping);
        peer.Turn(self =>
        {
            self.WriteLine("answer");
            self.TakeFrames();
        });
        Assert.Equal("answer\n", await peer.ReadToEnd());
    }

    [Fact(Timeout = 60_000)]
    public async Task The_actor_stops_when_the_connection_was_reset_during_a_turn()
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var node = new KernelHarness(new PlainVersion(1, new ScriptedConnection { Answer = async (_, _) => await turn.Task }));
        var peer = new MemoryPeer(node);
        await peer.Send("wait\n");
        await node.Until(() => peer.Actor.Cell.IsSuspended);
        peer.Reset();
        turn.SetResult();
        await peer.Closed;
        Assert.Equal(["wait", "stopping PeerAborted"], peer.Actor.Trace.Entries);
        await node.Until(() => node.Kernel.Gate.IsEmpty);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_peer_is_disconnected_when_it_does_not_read_and_the_limit_is_passed()
    {
        await using var node = Node((_, _) => { });
        var peer = new MemoryPeer(node, outboundLimit: 1000);
        peer.Turn(self => self.WriteLine(new string('a', 600)));
        await node.Quiet();
        peer.Turn(self => self.WriteLine(new string('b', 390)));
        await node.Quiet();
        Assert.False(peer.Actor.Cell.IsStopping);
        peer.Turn(self => self.WriteLine(new string('c', 400)));
        await peer.Closed;
        await node.Until(() => peer.Actor.Cell.IsStopped);
        Assert.Equal(StopReason.OutboundLimit, peer.Actor.Cell.StoppedFor);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_peer_is_disconnected_when_one_turn_passes_the_limit_and_no_more_of_it_is_kept(bool framed)
    {
        await using var node = Node((_, _) => { });
        var peer = new MemoryPeer(node, outboundLimit: 1000);
        var written = 0;
        peer.Turn(self =>
        {
            for (; written < 1000; written++)
            {
                if (framed) self.WriteLine(new string('a', 99_999));
                else self.Output.Write(new byte[100_000]);
            }
        });
        await peer.Closed;
        Assert.Equal(1000, written);
        await node.Until(() => peer.Actor.Cell.IsStopped);
        Assert.Equal(StopReason.OutboundLimit, peer.Actor.Cell.StoppedFor);
        Assert.InRange((await peer.ReadToEnd()).Length, 1, 200_000);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_waits_is_dropped_when_the_peer_reads_on_after_it_was_disconnected()
    {
        await using var node = Node((_, _) => { });
        var peer = new MemoryPeer(node, outboundLimit: 1000);
        peer.Turn(self =>
        {
            self.WriteLine(new string('a', 599));
            self.WriteLine(new string('b', 399));
            self.WriteLine(new string('c', 399));
        });
        await peer.Closed;
        // Reading lets the flush end that was under way.
        Assert.Equal(new string('a', 599) + "\n", await peer.ReadToEnd());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_peer_is_disconnected_when_a_turn_closes_and_then_passes_the_limit()
    {
        await using var node = Node((_, _) => { });
        var peer = new MemoryPeer(node, outboundLimit: 1000);
        peer.Turn(self =>
        {
            self.Close();
            WriteTooMuch(self);
        });
        await node.Until(() => peer.Actor.Cell.IsStopped);
        Assert.Equal((new string('a', 599) + "\n", true), (await peer.ReadToEnd(), peer.IsReset));
        await peer.Closed;
        Assert.Equal(["stopping Requested"], peer.Actor.Trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_peer_is_disconnected_when_the_last_turn_passes_the_limit()
    {
        await using var node = new KernelHarness(new PlainVersion(1, new ScriptedConnection { Last = WriteTooMuch }));
        var peer = new MemoryPeer(node, outboundLimit: 1000);
        peer.FinishSending();
        await node.Until(() => peer.Actor.Cell.IsStopped);
        Assert.Equal((new string('a', 599) + "\n", true), (await peer.ReadToEnd(), peer.IsReset));
        await peer.Closed;
        Assert.Equal(["stopping PeerClosed"], peer.Actor.Trace.Entries);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(2000, false)]
    [InlineData(1000, true)]
    public async Task A_changed_limit_holds_for_connections_that_are_there(int limit, bool disconnected)
    {
        await using var node = Node((_, _) => { });
        var peer = new MemoryPeer(node, outboundLimit: 1000);
        peer.Turn(self => self.WriteLine(new string('a', 599)));
        await node.Quiet();
        node.Reload(new PlainVersion(2, new ScriptedConnection()) { Declared = new ListenerDeclaration("memory", "memory") { Framing = _ => new LineFraming(64), OutboundLimit = limit } });
        peer.Turn(self => self.WriteLine(new string('b', 1000)));
        await node.Until(() => peer.Actor.Cell.IsStopping || peer.Actor.Cell.IsAtRest);
        Assert.Equal(disconnected, peer.Actor.Cell.IsStopping);
    }

    [Fact(Timeout = 60_000)]
    public async Task No_frame_is_read_while_half_the_limit_waits_and_all_is_sent_in_order()
    {
        await using var node = Node((line, self) => self.WriteLine(line));
        var peer = new MemoryPeer(node, outboundLimit: 1000);
        peer.Turn(self => self.WriteLine(new string('a', 599)));
        await node.Quiet();
        await peer.Send("frame\n");
        peer.Turn(self =>
        {
            self.WriteLine("b");
            self.Output.Write("raw "u8);
            self.WriteLine("c");
        });
        await node.Quiet();
        Assert.DoesNotContain("frame", peer.Actor.Trace.Entries);

        Assert.Equal(new string('a', 599) + "\nb\nraw c\nframe\n", await peer.Read(600 + 2 + 6 + 6));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_turns_write_is_sent_once_when_they_follow_each_other()
    {
        await using var node = Node((line, self) => self.WriteLine(line + "!"));
        var peer = new MemoryPeer(node);
        await node.Quiet();
        await peer.Send("one\ntwo\nthree\n");
        Assert.Equal("one!\ntwo!\nthree!\n", await peer.Read(5 + 5 + 7));
        await node.Quiet();
        Assert.Equal(1, peer.Sends);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_long_turn_has_written_is_sent_while_those_after_it_go_on()
    {
        using var read = new ManualResetEventSlim();
        KernelHarness? clock = null;
        await using var node = Node((line, self) =>
        {
            if (line == "two") read.Wait(TestContext.Current.CancellationToken);
            self.WriteLine(line + "!");
            clock!.Time.MoveTo(clock.Time.Elapsed + TimeSpan.FromMilliseconds(1));
        });
        clock = node;
        var peer = new MemoryPeer(node);
        await peer.Send("one\ntwo\n");
        Assert.Equal("one!\n", await peer.Read(5));
        read.Set();
        Assert.Equal("two!\n", await peer.Read(5));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_written_before_is_sent_when_a_turn_waits()
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var node = new KernelHarness(new PlainVersion(1, new ScriptedConnection
        {
            Answer = async (line, self) =>
            {
                self.WriteLine(line + "!");
                if (line == "two") await turn.Task;
            },
        }));
        var peer = new MemoryPeer(node);
        await peer.Send("one\ntwo\n");
        Assert.Equal("one!\n", await peer.Read(5));
        turn.SetResult();
        Assert.Equal("two!\n", await peer.Read(5));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_the_last_turn_wrote_is_sent_when_the_peer_sends_what_is_no_frame()
    {
        await using var node = Node((_, _) => { });
        var peer = new MemoryPeer(node, new LineFraming(4));
        await peer.Send("fine\ntoo long\n");
        Assert.Equal("no frame\n", await peer.ReadToEnd());
        await peer.Closed;
        Assert.Equal(["fine", "stopping Framing"], peer.Actor.Trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task Unread_bytes_are_cut_by_the_new_framing_when_the_code_has_changed()
    {
        await using var node = Node((_, _) => { });
        var peer = new MemoryPeer(node);
        await peer.Send("line\nno end of line");
        await node.Until(() => peer.Actor.Trace.Entries.Count == 1);
        await node.Quiet();
        var raw = new ListenerDeclaration("memory", "memory") { Framing = _ => new RawFraming(64) };
        node.Reload(new PlainVersion(2, new ScriptedConnection()) { Declared = raw });
        await node.Until(() => peer.Actor.Trace.Entries.Count == 2);
        Assert.Equal(["line", "no end of line"], peer.Actor.Trace.Entries);
    }

    /// <summary>One of the service's own may look at the first byte before it asks whether there is one.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_framing_is_asked_of_nothing_when_the_code_has_changed_or_the_stream_has_ended()
    {
        await using var node = Node((_, _) => { });
        var peer = new MemoryPeer(node, new Careless());
        await node.Quiet();

        node.Reload(new PlainVersion(2, new ScriptedConnection()) { Declared = new ListenerDeclaration("memory", "memory") { Framing = _ => new Careless() } });
        await node.Quiet();
        await peer.Send("\u0003one\u0003two");
        peer.FinishSending();

        await peer.Closed;
        Assert.Equal(["one", "two", "stopping PeerClosed"], peer.Actor.Trace.Entries);
    }

    /// <summary>It would be the same one for ever.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_frame_that_takes_no_byte_is_no_frame()
    {
        await using var node = Node((_, _) => { });
        var peer = new MemoryPeer(node, new Idle());
        await peer.Send("12");

        await peer.Closed;
        Assert.Equal(["1", "stopping Framing"], peer.Actor.Trace.Entries);
        Assert.Equal("no frame", await peer.ReadToEnd());
    }

    /// <summary>Forgets to take a frame whose first byte is 2.</summary>
    private sealed class Idle : IFraming
    {
        public FrameRead TryRead(ref ReadOnlySequence<byte> unread, out ReadOnlySequence<byte> frame, out string? error)
        {
            (frame, error) = (unread.Slice(0, 1), null);
            if (unread.FirstSpan[0] == '1') unread = unread.Slice(1);
            return FrameRead.Frame;
        }

        public void Write(ReadOnlySpan<byte> frame, IBufferWriter<byte> output) => output.Write(frame);
    }

    private sealed class Careless : IFraming
    {
        public FrameRead TryRead(ref ReadOnlySequence<byte> unread, out ReadOnlySequence<byte> frame, out string? error)
        {
            (frame, error) = (default, null);
            var length = unread.FirstSpan[0];
            if (unread.Length <= length) return FrameRead.NeedMore;
            frame = unread.Slice(1, length);
            unread = unread.Slice(1 + length);
            return FrameRead.Frame;
        }

        public void Write(ReadOnlySpan<byte> frame, IBufferWriter<byte> output) => throw new NotSupportedException();
    }

    [Fact(Timeout = 60_000)]
    public async Task What_came_with_lines_that_are_taken_is_cut_by_the_new_framing_when_the_code_has_changed()
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var node = new KernelHarness(new PlainVersion(1, new ScriptedConnection { Answer = async (line, _) => await (line == "two" ? turn.Task : Task.CompletedTask) }));
        var peer = new MemoryPeer(node);
        await peer.Send("one\ntwo\nsix\r\nte");
        await node.Until(() => peer.Actor.Cell.IsSuspended);
        node.Reload(new PlainVersion(2, new ScriptedConnection()) { Declared = new ListenerDeclaration("memory", "memory") { Framing = _ => new RawFraming(64) } });
        turn.SetResult();
        await node.Until(() => peer.Actor.Trace.Entries.Count == 3);
        Assert.Equal(["one", "two", "six\r\nte"], peer.Actor.Trace.Entries);
    }

    /// <summary>Its pipe has segments of 16 bytes.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    public async Task Lines_are_whole_wherever_they_are_cut_on_the_way(int size)
    {
        await using var node = Node((_, _) => { });
        var peer = new MemoryPeer(node);
        var lines = Enumerable.Range(0, 60).Select(length => new string((char)('a' + length % 26), length * 7 % 41)).ToArray();
        var sent = string.Concat(lines.Select((line, index) => line + (index % 3 == 0 ? "\r\n" : "\n")));
        foreach (var piece in sent.Chunk(size)) await peer.Send(new string(piece));
        await node.Until(() => peer.Actor.Trace.Entries.Count == lines.Length);
        Assert.Equal(lines, peer.Actor.Trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_buffered_is_sent_before_the_connection_closes()
    {
        await using var node = Node((_, self) =>
        {
            self.WriteLine(new string('x', 5000));
            self.Close();
        });
        var peer = new MemoryPeer(node, outboundLimit: 1000);
        await peer.Send("quit\nnever\n");
        Assert.Equal(new string('x', 5000) + "\n", await peer.ReadToEnd());
        await peer.Closed;
        Assert.Equal(["quit", "stopping Requested"], peer.Actor.Trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_peer_is_cut_off_when_it_does_not_read_what_is_left_before_the_deadline()
    {
        await using var node = Node((_, _) => { });
        var peer = new MemoryPeer(node, outboundLimit: 1000);
        peer.Turn(self =>
        {
            self.WriteLine(new string('x', 5000));
            self.Close();
        });
        await node.Until(() => peer.Actor.Cell.IsStopped);
        await node.Until(() => node.Time.ServiceTimers == 1);
        Assert.False(peer.Closed.IsCompleted);
        await node.Advance(TimeSpan.FromSeconds(31));
        await peer.Closed;
    }

    private static void WriteTooMuch(IConnectionContext<Step> self)
    {
        self.WriteLine(new string('a', 599));
        self.WriteLine(new string('b', 399));
        self.WriteLine(new string('c', 399));
    }

    private static KernelHarness Node(Action<string, IConnectionContext<Step>> answer) => new(new PlainVersion(1, new ScriptedConnection
    {
        Answer = (line, self) =>
        {
            answer(line, self);
            return default;
        },
    }));
}
