using WatchReload.Builder.Replay;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;
using WatchReload.Daemon.Watching;

namespace WatchReload.Builder.Tests.Replay;

public sealed class InputHashesTests : IDisposable
{
    private static readonly DateTime Second = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private readonly Tree _tree = new();
    private readonly BuildInputs _inputs;

    public InputHashesTests()
    {
        _tree.Write("A.cs", "class A;");
        _inputs = new BuildInputs { Projects = [], Files = [_tree["A.cs"]] };
    }

    public void Dispose() => _tree.Dispose();

    /// <summary>A time without a fraction of a second may be of a file system that keeps even seconds only.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(300, 60, true)]
    [InlineData(300, 40, false)]
    [InlineData(300, -60, false)]
    [InlineData(0, 2_010, true)]
    [InlineData(0, 1_990, false)]
    public async Task Are_of_the_first_build_when_they_were_written_before_it_began(double fraction, double later, bool settled)
    {
        await Task.CompletedTask;
        var written = Second.AddMilliseconds(fraction);
        foreach (var stamp in new[] { new FileStamp(8, written.Ticks), new FileStamp(8, Second.AddYears(-1).Ticks, written.Ticks, 1) })
            Assert.Equal(!settled, new Builder.Replay.KnownFile("hash", stamp, written.AddHours(1)).MayBeSince(written.AddMilliseconds(later)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Are_not_of_the_first_build_when_they_came_since_it_began_whatever_their_time()
    {
        await Task.CompletedTask;
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere .NET tells no time of changes");
        var begun = DateTime.UtcNow;
        _tree.Write("A.cs", "class B;");
        File.SetLastWriteTimeUtc(_tree["A.cs"], Second);
        Assert.Equal(_tree["A.cs"], InputHashes.Of(_inputs).Unsettled(new BuildStart(begun, null, null)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Are_another_when_a_content_of_the_same_length_has_the_time_of_the_one_before()
    {
        await Task.CompletedTask;
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere .NET tells no time of changes");
        File.SetLastWriteTimeUtc(_tree["A.cs"], Second);
        var hashes = InputHashes.Of(_inputs);
        _tree.Write("A.cs", "class B;");
        File.SetLastWriteTimeUtc(_tree["A.cs"], Second); // as touch -r, cp -p and rsync -t do it
        Assert.Equal([_tree["A.cs"]], hashes.Changed());
        Assert.True(hashes.IsTouched());
    }

    [Fact(Timeout = 60_000)]
    public async Task Are_touched_by_a_build_in_which_a_file_was_another_for_a_while()
    {
        await Task.CompletedTask;
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere .NET tells no time of changes");
        File.SetLastWriteTimeUtc(_tree["A.cs"], Second);
        var before = InputHashes.Of(_inputs);
        _tree.Write("A.cs", "class B;").Write("A.cs", "class A;");
        File.SetLastWriteTimeUtc(_tree["A.cs"], Second);
        var after = InputHashes.Of(_inputs, before);
        Assert.Equal((_tree["A.cs"], _tree["A.cs"]), (after.Unsettled(new BuildStart(DateTime.UtcNow.AddHours(1), before, null)), Assert.Single(after.TouchedSince(before))));
    }

    [Fact(Timeout = 60_000)]
    public async Task Are_of_the_file_that_a_link_leads_to()
    {
        await Task.CompletedTask;
        _tree.Write("elsewhere.cs", "class A;");
        File.Delete(_tree["A.cs"]);
        File.CreateSymbolicLink(_tree["A.cs"], "elsewhere.cs");
        foreach (var path in new[] { "A.cs", "elsewhere.cs" })
            File.SetLastWriteTimeUtc(_tree[path], Second);
        var hashes = InputHashes.Of(_inputs);
        Assert.Empty(hashes.Changed());
        _tree.Write("elsewhere.cs", "class Another;");
        Assert.Equal([_tree["A.cs"]], hashes.Changed());
        File.Delete(_tree["elsewhere.cs"]);
        Assert.Equal([_tree["A.cs"]], hashes.Changed());
    }

    [Fact(Timeout = 60_000)]
    public async Task Tell_what_is_another_by_what_is_on_record_and_not_by_the_disk()
    {
        await Task.CompletedTask;
        _tree.Write("B.cs", "class B;").Write("C.cs", "class C;");
        var both = _inputs with { Files = [_tree["A.cs"], _tree["B.cs"]] };
        var before = InputHashes.Of(both);
        _tree.Write("A.cs", "class Another;");
        var after = InputHashes.Of(_inputs with { Files = [_tree["A.cs"], _tree["C.cs"]] }, before);
        _tree.Write("A.cs", "class A;"); // too late to count
        Assert.Equal([_tree["A.cs"], _tree["B.cs"]], after.DifferentFrom(before).Order(StringComparer.Ordinal));
        Assert.Equal([_tree["A.cs"]], after.Changed());
    }

    [Fact(Timeout = 60_000)]
    public async Task Are_touched_by_a_write_that_was_undone()
    {
        await Task.CompletedTask;
        var hashes = InputHashes.Of(_inputs);
        Assert.False(hashes.IsTouched());
        _tree.Write("A.cs", "class A;");
        File.SetLastWriteTimeUtc(_tree["A.cs"], Second);
        Assert.Empty(hashes.Changed());
        Assert.True(hashes.IsTouched());
        File.Delete(_tree["A.cs"]);
        Assert.True(hashes.IsTouched());
    }

    [Fact(Timeout = 60_000)]
    public async Task Are_another_when_a_content_is_another_whatever_the_time()
    {
        await Task.CompletedTask;
        var written = DateTime.UtcNow.AddHours(1); // no read can be so late that the time alone says enough
        File.SetLastWriteTimeUtc(_tree["A.cs"], written);
        var hashes = InputHashes.Of(_inputs);
        Assert.Empty(hashes.Changed());
        _tree.Write("A.cs", "class B;");
        File.SetLastWriteTimeUtc(_tree["A.cs"], written);
        Assert.Equal([_tree["A.cs"]], hashes.Changed());
        _tree.Write("A.cs", "class A;");
        Assert.Empty(hashes.Changed());
    }

    [Fact(Timeout = 60_000)]
    public async Task Source_hash_is_that_of_who_looks_at_the_tree()
    {
        await Task.CompletedTask;
        _tree.Write("src/S.csproj", "<Project />").Write("src/A.cs", "class A;").Write("src/Empty.cs", "").Write("beside/Linked.cs", "class Linked;");
        File.CreateSymbolicLink(_tree["src/Linked.cs"], _tree["beside/Linked.cs"]);
        File.CreateSymbolicLink(_tree["src/Broken.cs"], _tree["beside/Nothing.cs"]);
        var inputs = new BuildInputs
        {
            Projects = [_tree["src/S.csproj"]],
            Files = [_tree["src/A.cs"], _tree["src/Empty.cs"], _tree["src/Linked.cs"], _tree["src/Broken.cs"], _tree["src/A.cs"]],
            Imports = [_tree["Directory.Build.props"], _tree["src/S.csproj"]],
        };
        var hashes = InputHashes.Of(inputs);
        var before = hashes.SourceHash(_tree.Root);
        Assert.Equal(SourceTree.Hash(inputs, _tree.Root), before);

        _tree.Write("src/A.cs", "class B;");
        Assert.Equal(before, hashes.SourceHash(_tree.Root)); // as it was read
        hashes.Take([_tree["src/A.cs"]]);
        Assert.Equal(SourceTree.Hash(inputs, _tree.Root), hashes.SourceHash(_tree.Root));
        hashes.Distrust([_tree["src/A.cs"]]);
        Assert.NotEqual(SourceTree.Hash(inputs, _tree.Root), hashes.SourceHash(_tree.Root));
    }
}
