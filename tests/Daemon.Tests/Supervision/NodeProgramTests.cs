using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Tests.Supervision;

public sealed class NodeProgramTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Copy_stays_as_it_was_when_the_tool_is_updated_and_goes_when_no_node_needs_it()
    {
        var assembly = _scratch.Write("tool/Node.dll", "one");
        _scratch.Write("tool/runtimes/linux/native.so", "native");
        var program = new NodeProgram(_scratch.State, assembly);

        var first = program.For("main");
        Assert.Equal(first, program.For("main"));
        _scratch.Write("tool/Node.dll", "longer");
        var second = program.For("other");

        Assert.Equal(("one", "longer"), (await File.ReadAllTextAsync(first, TestContext.Current.CancellationToken), await File.ReadAllTextAsync(second, TestContext.Current.CancellationToken)));
        Assert.Equal("native", await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(first)!, "runtimes/linux/native.so"), TestContext.Current.CancellationToken));

        Assert.Equal(second, program.For("main"));
        Assert.False(File.Exists(first));
    }
}
