using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Tests.Git;
using WatchReload.Daemon.Watching;

namespace WatchReload.Daemon.Tests.Flow;

/// <summary>What a build of another user names as its inputs: read as that user could read it, and only in the checkout looked around for more.</summary>
public sealed class InputAccessTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public InputAccessTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root reads what is closed to others.");
        foreach (var directory in new[] { _scratch.Root, Directory.CreateDirectory(Top).FullName })
            Chmod(directory, 0b111_101_101);
    }

    private string Top => Path.Combine(_scratch.Root, "checkout");

    private InputAccess Access => InputAccess.Of(new BuildUser("nobody", "/nowhere"), Top);

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task What_the_user_can_read_has_its_hash_and_what_is_closed_to_it_has_none()
    {
        await Task.Yield();
        var open = _scratch.Write("checkout/A.cs", "class A;");
        Cookie.LoadOrCreate(_scratch.State);
        var link = Path.Combine(Top, "link");
        File.CreateSymbolicLink(link, _scratch.State.Cookie);

        Assert.Equal(ContentHash.Of(open), Hash(open));
        Assert.Equal(ContentHash.Unreadable, Hash(link));
        Assert.Equal(ContentHash.Unreadable, Hash(_scratch.State.Cookie));
        Assert.Equal(ContentHash.Absent, Hash(open + "x"));
        Assert.NotEqual(ContentHash.Unreadable, InputAccess.Of(null, Top).Hash(link, FileStamp.Of(link))); // it is the user that makes the difference
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_too_large_is_not_read()
    {
        var large = _scratch.Write("checkout/large", "");
        await Shell.Run(Top, "truncate", "--size", "1T", large);

        Assert.Equal(ContentHash.Unreadable, await Task.Run(() => Hash(large)).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Directories_are_looked_around_in_when_they_are_below_the_checkout_and_nowhere_else()
    {
        await Task.Yield();
        Directory.CreateDirectory(Path.Combine(Top, "src"));
        Directory.CreateDirectory(Path.Combine(Top, "closed"));
        Chmod(Path.Combine(Top, "closed"), 0b111_000_000);
        Directory.CreateSymbolicLink(Path.Combine(Top, "out"), "/");
        Directory.CreateSymbolicLink(Path.Combine(Top, "in"), Path.Combine(Top, "src"));

        Assert.Equal([true, true, true], new[] { Top, $"{Top}/src", $"{Top}/in" }.Select(Access.Walks));
        Assert.Equal([false, false, false, false, false], new[] { "/", _scratch.Root, $"{Top}/out", $"{Top}/out/etc", $"{Top}/../" }.Select(Access.Walks));
        Assert.False(Access.Walks($"{Top}/closed"));
        Assert.True(InputAccess.Of(null, Top).Walks("/"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Project_that_is_named_outside_of_the_checkout_makes_no_difference_by_what_lies_beside_it()
    {
        await Task.Yield();
        var inputs = new BuildInputs { Projects = [_scratch.Write("checkout/S.csproj", "<Project />"), _scratch.Write("elsewhere/Other.csproj", "<Project />")], Files = [_scratch.Write("checkout/A.cs", "class A;")] };
        var tree = KnownTree.Of(inputs, Access);
        var before = tree.Hash(Top, Hash, Access);
        Assert.NotNull(before);

        _scratch.Write("elsewhere/New.cs", "class New;");
        Assert.Equal(before, tree.Hash(Top, Hash, Access));
        _scratch.Write("checkout/New.cs", "class New;");
        Assert.Null(tree.Hash(Top, Hash, Access));
    }

    [Fact(Timeout = 60_000)]
    public async Task Hashing_is_broken_off()
    {
        await Task.Yield();
        var tree = KnownTree.Of(new BuildInputs { Projects = [_scratch.Write("checkout/S.csproj", "<Project />")] }, Access);

        Assert.ThrowsAny<OperationCanceledException>(() => tree.Hash(Top, Hash, Access, new CancellationToken(canceled: true)));
    }

    private string Hash(string path) => Access.Hash(path, FileStamp.Of(path));

    private static void Chmod(string path, int mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)mode);
    }
}
