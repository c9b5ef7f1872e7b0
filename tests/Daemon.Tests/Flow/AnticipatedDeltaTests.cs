using WatchReload.Control;
using WatchReload.Daemon.Flow;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Flow;

/// <summary>When what was made of a save is waited for, and when it counts.</summary>
public sealed class AnticipatedDeltaTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(40);
    private static readonly SeenTree Tree = new("source", "listing");
    private static readonly LoadedAssembly App = new("App", Guid.NewGuid(), 0);
    private static readonly LoadedAssembly Lib = new("Lib", Guid.NewGuid(), 3, Guid.NewGuid());
    private static readonly AssemblyDelta Delta = new() { Assembly = "App", Mvid = App.Mvid, Generation = 1, Id = Guid.NewGuid(), Metadata = [], IL = [], Symbols = [], Sha256 = "" };
    private static readonly BuildOutcome Made = new() { Succeeded = true, Lane = BuildLane.Delta, Deltas = [Delta], Read = Tree, From = [Lib, App], BuildId = Guid.NewGuid(), Milliseconds = 12 };

    private readonly FakeTime _time = new();
    private readonly List<BuildRequest> _asked = [];
    private readonly TaskCompletionSource<BuildOutcome?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AnticipatedDelta _anticipated;

    public AnticipatedDeltaTests() => _anticipated = new AnticipatedDelta(new BuildRequest { Project = "/S.csproj", Configuration = "Debug", ArtifactsPath = "/build" }, (request, _) =>
    {
        _asked.Add(request);
        return _answer.Task;
    }, _time);

    [Fact(Timeout = 60_000)]
    public async Task Counts_once_and_takes_what_it_was_waited_for()
    {
        var begun = _anticipated.Begin(TestContext.Current.CancellationToken);
        var taking = Take();
        await _time.Armed(Patience);
        _time.Advance(TimeSpan.FromMilliseconds(5));
        _answer.SetResult(Made);

        var taken = await taking;
        Assert.Equal((Delta.Id, 5), (Assert.Single(taken!.Deltas).Id, taken.Milliseconds));
        await begun;
        Assert.Null(await Take());
    }

    [Fact(Timeout = 60_000)]
    public async Task Is_nothing_when_it_is_not_there_soon_and_is_not_taken_for_the_next()
    {
        _ = _anticipated.Begin(TestContext.Current.CancellationToken);
        var taking = Take();
        await _time.Armed(Patience);
        _time.Advance(Patience);
        Assert.Null(await taking);

        _answer.SetResult(Made);
        Assert.Null(await Take());
    }

    [Fact(Timeout = 60_000)]
    public async Task Is_nothing_when_the_builder_has_nothing_or_fails()
    {
        Assert.Null(await Take());
        _ = _anticipated.Begin(TestContext.Current.CancellationToken);
        _answer.SetException(new IOException("The builder is gone."));
        Assert.Null(await Take());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("none")]
    [InlineData("no delta")]
    [InlineData("no tree")]
    [InlineData("source")]
    [InlineData("listing")]
    [InlineData("build")]
    [InlineData("generation")]
    [InlineData("one assembly less")]
    [InlineData("one assembly more")]
    public async Task Is_nothing_when_it_is_of_anything_else(string what)
    {
        _ = _anticipated.Begin(TestContext.Current.CancellationToken);
        _answer.SetResult(what switch
        {
            "none" => null,
            "no delta" => Made with { Deltas = [] },
            "no tree" => Made with { Read = null },
            "source" => Made with { Read = Tree with { SourceHash = "other" } },
            "listing" => Made with { Read = Tree with { Listing = "other" } },
            "build" => Made with { BuildId = Guid.NewGuid() },
            "generation" => Made with { From = [App, Lib with { Generation = 4 }] },
            "one assembly less" => Made with { From = [App] },
            _ => Made with { From = [App, Lib, Lib with { Name = "More" }] },
        });
        Assert.Null(await Take());
    }

    [Fact(Timeout = 60_000)]
    public async Task Starts_from_what_the_node_has_as_far_as_that_is_known()
    {
        await Asks(null);
        await Take();
        await Asks([App, Lib]);
        _anticipated.NodeTook([App, Lib], [Delta]);
        await Asks([App with { Generation = 1, Delta = Delta.Id }, Lib]);
        _anticipated.NodeHas(null);
        await Asks(null);
    }

    private async Task Asks(IReadOnlyList<LoadedAssembly>? loaded)
    {
        _answer.TrySetResult(null);
        await _anticipated.Begin(TestContext.Current.CancellationToken);
        Assert.Equal(loaded, _asked[^1].Loaded);
    }

    private Task<BuildOutcome?> Take() => _anticipated.Take([App, Lib], Tree, Made.BuildId, Patience, TestContext.Current.CancellationToken);
}
