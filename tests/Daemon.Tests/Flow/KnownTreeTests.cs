using WatchReload.Control;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Tests.Flow;

public sealed class KnownTreeTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly BuildInputs _inputs;

    public KnownTreeTests()
    {
        _inputs = new BuildInputs
        {
            Projects = [_scratch.Write("src/Service.csproj", "<Project />")],
            Files = [_scratch.Write("src/A.cs", "class A;"), _scratch.Write("src/B.cs", "class B;")],
        };
        _scratch.Write("src/Excluded.cs", "no");
        _scratch.Write("src/obj/Generated.cs", "no");
    }

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Hash_is_the_same_after_it_was_kept_and_read_again()
    {
        var tree = KnownTree.Of(_inputs);
        tree.Save(_scratch.State);

        Assert.NotNull(tree.Hash(_scratch.Root));
        Assert.Equal(tree.Hash(_scratch.Root), KnownTree.Load(_scratch.State)!.Hash(_scratch.Root));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_kept_is_for_its_user_alone_though_others_could_read_what_was_kept_before()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes.");
        var file = Path.Combine(_scratch.State.Root, "inputs.json");
        await File.WriteAllTextAsync(file, "{}", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, (UnixFileMode)0b110_100_100);

        KnownTree.Of(_inputs).Save(_scratch.State);

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal([file], Directory.EnumerateFiles(_scratch.State.Root, "inputs.json*"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_left_of_it_where_it_cannot_be_kept()
    {
        await Task.CompletedTask;
        Directory.CreateDirectory(Path.Combine(_scratch.State.Root, "inputs.json"));

        KnownTree.Of(_inputs).Save(_scratch.State);

        Assert.Null(KnownTree.Load(_scratch.State));
        Assert.Empty(Directory.EnumerateFiles(_scratch.State.Root, "inputs.json*"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Hash_changes_with_the_content_and_comes_back_with_it()
    {
        var tree = KnownTree.Of(_inputs);
        var before = tree.Hash(_scratch.Root);
        _scratch.Write("src/A.cs", "class A2;");
        var changed = tree.Hash(_scratch.Root);
        _scratch.Write("src/A.cs", "class A;");

        Assert.NotEqual(before, changed);
        Assert.Equal(before, tree.Hash(_scratch.Root));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Tree_is_unknown_when_a_file_was_added_that_no_build_has_seen()
    {
        var tree = KnownTree.Of(_inputs);
        _scratch.Write("src/deep/New.cs", "class New;");

        Assert.Null(tree.Hash(_scratch.Root));
        await Task.CompletedTask;
    }

    [Theory(Timeout = 60_000)]
    [InlineData("shared/deep/New.cs", false)]
    [InlineData("shared/New.txt", true)]
    [InlineData("src/parts/.hidden/New.cs", false)]
    public async Task Tree_is_unknown_when_a_file_was_added_where_a_pattern_looks(string path, bool isKnown)
    {
        await Task.CompletedTask;
        _scratch.Write("shared/Excluded.cs", "no");
        var inputs = _inputs with { Patterns = [new(Path.Combine(_scratch.Root, "shared"), "*.cs", IsDeep: true), new(Path.Combine(_scratch.Root, "src", "parts"), "*", IsDeep: true)] };
        var tree = KnownTree.Of(inputs) with { Listing = TreeListing.Of(inputs).Hash };
        tree.Save(_scratch.State);
        tree = KnownTree.Load(_scratch.State)!;
        Assert.NotNull(tree.Hash(_scratch.Root));
        _scratch.Write(path, "new");
        Assert.Equal(isKnown, tree.Hash(_scratch.Root) is not null);
        Assert.Equal(isKnown, tree.HasSeenAll());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("src/obj/New.cs", true)]
    [InlineData("src/bin/Debug/New.cs", true)]
    [InlineData("src/.idea/New.cs", true)]
    [InlineData("src/deep/.idea/New.cs", true)]
    [InlineData("src/New.txt", true)]
    [InlineData("src/deep/obj/New.cs", false)]
    [InlineData("src/.New.cs", false)]
    public async Task Only_files_that_the_sdk_may_compile_make_a_tree_unknown(string path, bool isKnown)
    {
        var tree = KnownTree.Of(_inputs);
        _scratch.Write(path, "class New;");

        Assert.Equal(isKnown, tree.Hash(_scratch.Root) is not null);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Tree_is_unknown_when_an_input_is_gone()
    {
        var tree = KnownTree.Of(_inputs);
        File.Delete(Path.Combine(_scratch.Root, "src/B.cs"));

        Assert.Null(tree.Hash(_scratch.Root));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_known_when_what_was_kept_may_lack_kinds_of_inputs()
    {
        (KnownTree.Of(_inputs) with { Kinds = 0 }).Save(_scratch.State);

        Assert.Null(KnownTree.Load(_scratch.State));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_known_when_what_was_kept_is_damaged()
    {
        await File.WriteAllTextAsync(Path.Combine(_scratch.State.Root, "inputs.json"), "{", TestContext.Current.CancellationToken);

        Assert.Null(KnownTree.Load(_scratch.State));
    }
}
