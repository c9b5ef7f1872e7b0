using System.Text;
using WatchReload.Control;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Resident.Hook;
using WatchReload.Daemon.Tests.Cli;

namespace WatchReload.Daemon.Tests.Resident.Hook;

/// <summary>What the hooks of another user call, against a real daemon.</summary>
public sealed class HookPushVerbTests
{
    [Fact(Timeout = 60_000)]
    public async Task Push_tells_the_verdict_in_the_words_of_a_pull()
    {
        await using var bench = await HookBench.Start();
        var commit = await bench.Pushed("2");

        var pushed = await Run(bench, Stream.Null, "hook", "push", "--ref", "refs/heads/main", "--commit", commit);

        Assert.Equal((0, ""), (pushed.ExitCode, pushed.Error));
        Assert.Contains("version 2", pushed.Output, StringComparison.Ordinal);
        var attached = await Run(bench, Stream.Null, "attach");
        Assert.Equal((0, "Nothing is under way.\n"), (attached.ExitCode, attached.Output));
    }

    [Fact(Timeout = 60_000)]
    public async Task Defect_of_the_daemon_is_told_as_that_and_what_it_was_is_not()
    {
        await using var bench = await HookBench.Start();
        var commit = await bench.Pushed("2");
        bench.Node.Before = async _ =>
        {
            await Task.CompletedTask;
            bench.Clock.Fails = true;
        };

        var pushed = await Run(bench, Stream.Null, "hook", "push", "--ref", "refs/heads/main", "--commit", commit);

        Assert.Equal(1, pushed.ExitCode);
        Assert.Contains("It failed by a defect of the daemon.", pushed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(DefectiveClock.Message, pushed.Error, StringComparison.Ordinal);
        Assert.Contains(DefectiveClock.Message, bench.Log, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Pack_is_not_asked_for_when_the_push_is_refused_before()
    {
        await using var bench = await HookBench.Start(gate: true);
        using var pack = new Watched();

        var run = await Run(bench, pack, "hook", "push", "--rehearse", "--ref", "refs/heads/other", "--commit", new string('a', 40));

        Assert.Equal(5, run.ExitCode);
        Assert.Contains("refs/heads/other was pushed, and what is deployed is refs/heads/main.", run.Output, StringComparison.Ordinal);
        Assert.False(pack.WasRead);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData("PACK and then something else")]
    public async Task Pack_that_cannot_be_read_is_refused_and_nothing_of_it_is_kept(string text)
    {
        await using var bench = await HookBench.Start(gate: true);
        using var pack = new MemoryStream(Encoding.ASCII.GetBytes(text));

        var run = await Run(bench, pack, "hook", "push", "--rehearse", "--ref", "refs/heads/main", "--commit", new string('a', 40));

        Assert.Equal(5, run.ExitCode);
        Assert.Contains("Could not read what was pushed", run.Output, StringComparison.Ordinal);
        Assert.Equal("gitRefused", Assert.Single(await bench.History()).GetProperty("verdict").GetString());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(bench.State.Root, "handed")));
        Assert.Empty(bench.Node.Requests);
    }

    [Fact(Timeout = 60_000)]
    public async Task Push_that_is_too_large_is_told_as_that()
    {
        await using var large = new LimitedStream(new MemoryStream(new byte[100]), 64, HandedPushes.TooLarge);

        var refusal = await Assert.ThrowsAsync<StateException>(() => large.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));

        Assert.Contains("without --gate", refusal.Remedy, StringComparison.Ordinal);
    }

    private sealed class Watched() : MemoryStream(new byte[1 << 20])
    {
        public bool WasRead { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            WasRead = true;
            return base.ReadAsync(buffer, cancellationToken);
        }
    }

    private static async Task<CommandRun> Run(HookBench bench, Stream input, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var stop = new StopSignal(TimeProvider.System);
        var context = CommandRun.Context(bench.Git.Work, output, error) with { Input = () => input };
        return new CommandRun(await CommandLine.Run([.. args, "--socket", bench.Socket], context, stop), output.ToString(), error.ToString());
    }
}
