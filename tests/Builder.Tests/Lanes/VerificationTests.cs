using WatchReload.Builder.Lanes;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

public sealed class VerificationTests : IDisposable
{
    private readonly Tree _tree = new();

    [Fact(Timeout = 60_000)]
    public async Task What_is_another_is_named()
    {
        await Task.Yield();
        var verification = new Verification(Made(("App.dll", "one"), ("App.pdb", "symbols")));

        Assert.Null(verification.Difference(Made(("App.pdb", "symbols"), ("App.dll", "one"))));
        Assert.Equal("makes another App.dll than MSBuild", verification.Difference(Made(("App.dll", "two"), ("App.pdb", "symbols"))));
        Assert.Equal("makes another App.pdb than MSBuild", verification.Difference(Made(("App.dll", "one"))));
        Assert.Equal("makes another More.dll than MSBuild", verification.Difference(Made(("App.dll", "one"), ("App.pdb", "symbols"), ("More.dll", ""))));
    }

    [Fact(Timeout = 60_000)]
    public async Task So_is_another_verdict()
    {
        await Task.Yield();
        var failed = new LaneResult(false, null!);

        Assert.Null(new Verification(failed).Difference(failed));
        Assert.Equal("fails where MSBuild succeeds", new Verification(failed).Difference(Made()));
        Assert.Equal("succeeds where MSBuild fails", new Verification(Made()).Difference(failed));
        Assert.Equal("succeeds where MSBuild fails", new Verification(Made()).Difference(null));
    }

    /// <summary>MSBuild may write over an image that a replay left where it was.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Images_count_as_they_were_before_MSBuild()
    {
        await Task.Yield();
        var left = Made(("App.dll", "one"));
        var verification = new Verification(left);
        File.WriteAllText(left.Outputs[0].Source, "two");

        Assert.Equal("makes another App.dll than MSBuild", verification.Difference(left));
    }

    public void Dispose() => _tree.Dispose();

    private LaneResult Made(params (string Path, string Text)[] images) => new(true, null!)
    {
        Outputs = [.. images.Select(image =>
        {
            var file = $"{Guid.NewGuid():n}/{image.Path}";
            _tree.Write(file, image.Text);
            return new BuildOutput(_tree[file], image.Path, image.Path.EndsWith(".dll", StringComparison.Ordinal) ? ReleaseFileKind.Hot : ReleaseFileKind.Symbols);
        })],
    };
}
