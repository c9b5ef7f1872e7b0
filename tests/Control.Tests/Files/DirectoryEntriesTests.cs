namespace WatchReload.Control.Tests.Files;

/// <summary>What a listing of the tree comes upon when it opens what it has read the name of.</summary>
public sealed class DirectoryEntriesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("entries-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Of_a_directory_that_has_gone_there_are_none() => Assert.Null(DirectoryEntries.Of(At("gone")));

    [Fact]
    public void Of_a_directory_in_whose_place_is_a_file_there_are_none()
    {
        Write("file");
        Assert.Null(DirectoryEntries.Of(At("file")));
    }

    [Fact]
    public void Of_a_directory_there_are_as_many_as_are_asked_for()
    {
        Write("b");
        Write("a");
        Directory.CreateDirectory(At("below"));
        Assert.Equal(("a b", "below"), Names());
        Assert.Single((IEnumerable<object>)[.. DirectoryEntries.Of(_root, 1)!.Files, .. DirectoryEntries.Of(_root, 1)!.Directories.Select(entry => entry.Name)]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Is_read_anew_when_something_came_went_or_has_another_name_and_only_then()
    {
        Write("a");
        Assert.Equal(("a", ""), Names()); // too young to be kept
        await Settled();
        var kept = DirectoryEntries.Of(_root);
        if (FileStatus.StampOfDirectory(_root) is { IsTelling: true })
            Assert.Same(kept, DirectoryEntries.Of(_root));

        Write("b");
        Assert.Equal(("a b", ""), Names());
        await Settled();
        Assert.Equal(("a b", ""), Names());
        File.Move(At("a"), At("c"));
        Assert.Equal(("b c", ""), Names());
        await Settled();
        Assert.Equal(("b c", ""), Names());
        File.Delete(At("b"));
        Directory.CreateDirectory(At("b"));
        Directory.SetLastWriteTimeUtc(_root, kept!.Written); // which a program may do
        Assert.Equal(("c", "b"), Names());
    }

    /// <summary>Nothing in the directory itself is another then.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Link_to_what_comes_later_is_a_directory_from_then_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "To make a link needs a right there.");
        var beside = _root + "-beside";
        File.CreateSymbolicLink(At("link"), beside);
        await Settled();
        Assert.Equal(("link", ""), Names());

        Directory.CreateDirectory(beside);
        Assert.Equal(("", "link"), Names());
        Directory.Delete(beside);
        Assert.Equal(("link", ""), Names());
    }

    [Fact(Timeout = 60_000)]
    public async Task Digest_is_of_the_files_alone()
    {
        Write("a");
        await Settled();
        var before = DirectoryEntries.Of(_root)!.Digest;
        Directory.CreateDirectory(At("below"));
        Assert.Equal(before, DirectoryEntries.Of(_root)!.Digest);
        Write("b");
        Assert.NotEqual(before, DirectoryEntries.Of(_root)!.Digest);
    }

    /// <summary>Until another change could no more have the time of the last one.</summary>
    private async Task Settled()
    {
        while (FileStatus.StampOfDirectory(_root) is { } stamp && stamp.MayBeSince(DateTime.UtcNow))
            await Task.Delay(10, TestContext.Current.CancellationToken);
    }

    private (string Files, string Directories) Names() => DirectoryEntries.Of(_root) is { } entries ? (string.Join(' ', entries.Files), string.Join(' ', entries.Directories.Select(entry => entry.Name).Order())) : default;

    private string At(string name) => Path.Combine(_root, name);

    private void Write(string name) => File.WriteAllText(At(name), "");
}
