using System.Text.Json;
using WatchReload.Control;
using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>What the node's files say of its next start, and what is told of it.</summary>
public sealed class StartChoiceTests : IDisposable
{
    private readonly StateDirectory _state = new(Directory.CreateTempSubdirectory("watchreload-choice-").FullName);

    public void Dispose() => Directory.Delete(_state.Root, recursive: true);

    [Theory(Timeout = 60_000)]
    [InlineData("r000007", false)]
    [InlineData("r000006", true)]
    public Task What_was_started_instead_is_forgotten_when_anything_else_has_passed(string passed, bool stays)
    {
        Directory.CreateDirectory(_state.NodeDirectory("main"));
        DurableFile.Write(_state.Fallback("main"), JsonSerializer.SerializeToUtf8Bytes(new FallenBack("r000007", "r000006"), ControlJson.Default.FallenBack));

        new ReleasePointers(_state, "main").MakeCurrent(passed);

        Assert.Equal(stays, File.Exists(_state.Fallback("main")));
        return Task.CompletedTask;
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false, TrialOutcome.TakenBack, "r000001")]
    [InlineData(true, TrialOutcome.Kept, "r000002")]
    public async Task What_is_told_of_a_node_that_died_on_trial_is_what_it_starts_on(bool again, TrialOutcome outcome, string starts)
    {
        await using var node = new NodeHarness();
        var (passed, died) = (node.Releases.Write(new CountingService().Compile()), node.Releases.Write(new CountingService { Version = "v2" }.Compile()));
        Directory.CreateDirectory(node.State.NodeDirectory("main"));
        DurableFile.Write(node.State.Current("main"), passed.Manifest.Id + "\n");
        DurableFile.Write(node.State.Trial("main"), died.Manifest.Id + "\n");

        Assert.Null(await node.StartOn(again ? died : null));

        var end = node.Status.LastTrial!;
        Assert.Equal((outcome, starts), (end.Outcome, node.Status.Release));
        Assert.Equal($"The node died while {died.Manifest.Id} was on trial. It starts on {starts}.", Assert.Single(end.Problems));
    }
}
