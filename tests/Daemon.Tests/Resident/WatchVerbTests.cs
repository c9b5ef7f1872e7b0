using System.Text;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Tests.Cli;

namespace WatchReload.Daemon.Tests.Resident;

/// <summary><c>watch</c> with a node that runs already, and no builder.</summary>
public sealed class WatchVerbTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly LineWriter _output = new();

    public WatchVerbTests() => _scratch.Configure();

    public void Dispose()
    {
        _scratch.Dispose();
        _output.Dispose();
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Interrupt", 130, true)]
    [InlineData("Terminate", 0, true)]
    [InlineData("Ordered", 0, false)] // watchreload stop, which ends it
    public async Task Node_that_was_taken_up_is_told_to_go_on_when_it_does(string reason, int code, bool told)
    {
        await using var node = await FakeNode.Start(_scratch.State);
        using var stop = new StopSignal(TimeProvider.System);
        using var shown = new ShownText(_output);
        var watch = CommandLine.Run(["watch"], CommandRun.Context(_scratch.Root, shown, TextWriter.Null) with { BuilderAssembly = Path.Combine(_scratch.Root, "none.dll") }, stop);
        await _output.Line("taken up");

        stop.Raise(Enum.Parse<StopReason>(reason));

        Assert.Equal(code, await watch);
        Assert.Equal(told, shown.All.Contains($"Node main (pid {Environment.ProcessId}) goes on, as it was taken up and not started here. This ends it: watchreload stop", StringComparison.Ordinal));
        Assert.False(node.Stopped.IsCompleted);
    }

    /// <summary>What is written for a person, in whatever pieces.</summary>
    private sealed class ShownText(LineWriter lines) : TextWriter
    {
        private readonly Lock _lock = new();
        private readonly StringBuilder _all = new();
        private int _told;

        public override Encoding Encoding => Encoding.UTF8;

        public string All
        {
            get
            {
                lock (_lock)
                    return _all.ToString();
            }
        }

        public override void Write(char value)
        {
            lock (_lock)
            {
                _all.Append(value);
                if (value != '\n')
                    return;
                lines.WriteLine(_all.ToString(_told, _all.Length - _told));
                _told = _all.Length;
            }
        }
    }
}
