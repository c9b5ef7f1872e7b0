using WatchReload.Control;
using WatchReload.Daemon.Watching;

namespace WatchReload.Daemon.Tests.Watching;

public sealed class SourceTreeTests
{
    [Fact(Timeout = 60_000)]
    public async Task Same_hash_when_the_content_is_the_same_elsewhere_and_in_another_order()
    {
        await using var one = new WatchedFolder();
        await using var other = new WatchedFolder();
        foreach (var folder in new[] { one, other })
        {
            folder.Write("p.csproj", "p");
            folder.Write("a.cs", "a");
        }
        Assert.Equal(
            SourceTree.Hash(new BuildInputs { Projects = [one.At("p.csproj")], Files = [one.At("a.cs")] }, one.Root),
            SourceTree.Hash(new BuildInputs { Files = [other.At("a.cs"), other.At("p.csproj"), other.At("a.cs")] }, other.Root));
    }

    [Fact(Timeout = 60_000)]
    public async Task Another_hash_when_content_or_name_or_presence_differs()
    {
        await using var folder = new WatchedFolder();
        var (a, b) = (folder.Write("a.cs", "1"), folder.At("b.cs"));
        var hashes = new HashSet<string> { Hash(a) };
        folder.Write("a.cs", "2");
        Assert.True(hashes.Add(Hash(a)));
        Assert.True(hashes.Add(Hash(a, b)));
        folder.Write("b.cs", "");
        Assert.True(hashes.Add(Hash(a, b)));
        File.Move(a, folder.At("c.cs"));
        Assert.True(hashes.Add(Hash(folder.At("c.cs"))));

        string Hash(params string[] files) => SourceTree.Hash(new BuildInputs { Files = files }, folder.Root);
    }
}
