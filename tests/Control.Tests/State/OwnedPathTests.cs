namespace WatchReload.Control.Tests.State;

public sealed class OwnedPathTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("770", "0770")]
    [InlineData("703", "0703")]
    [InlineData("1777", "01777")]
    public async Task A_directory_that_others_can_write_to_is_refused(string mode, string shown)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are of Unix.");
        using var temporary = new TemporaryState();
        OwnedPath.EnsureState(temporary.State);
        await Elevated.Run("chmod", mode, temporary.State.Run);

        var refusal = Assert.Throws<StateException>(() => OwnedPath.EnsureState(temporary.State));

        Assert.Contains($"{temporary.State.Run} is open to other users (mode {shown})", refusal.Message, StringComparison.Ordinal);
        Assert.Equal($"Close it: chmod go-w {temporary.State.Run}", refusal.Remedy);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_made_for_a_node_is_its_owners_alone_from_the_top()
    {
        using var temporary = new TemporaryState();

        OwnedPath.EnsureNode(temporary.State, "main");

        Assert.True(Directory.Exists(temporary.State.NodeDirectory("main")));
        if (OperatingSystem.IsWindows())
            return;
        foreach (var path in (string[])[temporary.State.Root, temporary.State.Run, Path.Combine(temporary.State.Root, "nodes"), temporary.State.NodeDirectory("main")])
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task A_directory_that_others_can_only_read_will_do()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are of Unix.");
        using var temporary = new TemporaryState();
        OwnedPath.EnsureState(temporary.State);
        await Elevated.Run("chmod", "755", temporary.State.Root);

        OwnedPath.EnsureState(temporary.State);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_directory_of_another_user_is_refused()
    {
        Elevated.SkipUnlessRoot();
        using var temporary = new TemporaryState();
        OwnedPath.EnsureState(temporary.State);
        await Elevated.GiveAway(temporary.State.Root);

        var refusal = Assert.Throws<StateException>(() => OwnedPath.EnsureState(temporary.State));

        Assert.StartsWith($"{temporary.State.Root} belongs to uid 65534", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_state_directory_may_be_a_link_but_nothing_in_it()
    {
        using var temporary = new TemporaryState();
        var elsewhere = Directory.CreateDirectory(Path.Combine(temporary.Parent, "elsewhere")).FullName;
        if (!OperatingSystem.IsWindows())
            await Elevated.Run("chmod", "700", elsewhere);
        Directory.CreateSymbolicLink(temporary.State.Root, elsewhere);
        OwnedPath.EnsureState(temporary.State);
        Directory.Delete(temporary.State.Run);
        Directory.CreateSymbolicLink(temporary.State.Run, elsewhere);

        Assert.SkipWhen(OperatingSystem.IsWindows(), "Owners and modes are of Unix.");
        var refusal = Assert.Throws<StateException>(() => OwnedPath.EnsureState(temporary.State));

        Assert.Contains("symbolic link", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_place_where_no_directory_can_be_is_refused()
    {
        using var temporary = new TemporaryState(Path.Combine("file", "state"));
        await File.WriteAllTextAsync(Path.Combine(temporary.Parent, "file"), "");

        var refusal = Assert.Throws<StateException>(() => OwnedPath.EnsureState(temporary.State));

        Assert.Contains("cannot be created", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--state", refusal.Remedy, StringComparison.Ordinal);
    }
}
