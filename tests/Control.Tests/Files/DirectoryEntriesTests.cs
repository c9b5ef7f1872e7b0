namespace WatchReload.Control.Tests.Files;

/// <summary>What a listing of the tree comes upon when it opens what it has read the name of.</summary>
public sealed class DirectoryEntriesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("entries-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Of_a_directory_that_has_gone_there_are_none() => Assert.Empty(TreeListing.Entries(Path.Combine(_root, "gone"), 10));

    [Fact]
    public void Of_a_directory_in_whose_place_is_a_file_there_are_none()
    {
        var path = Path.Combine(_root, "file");
        File.WriteAllText(path, "");
        Assert.Empty(TreeListing.Entries(path, 10));
    }

    [Fact]
    public void Of_a_directory_there_are_as_many_as_are_asked_for()
    {
        File.WriteAllText(Path.Combine(_root, "a"), "");
        var below = Directory.CreateDirectory(Path.Combine(_root, "b")).FullName;
        Assert.Contains((below, true, false), TreeListing.Entries(_root, 10));
        Assert.Single(TreeListing.Entries(_root, 1));
    }
}
