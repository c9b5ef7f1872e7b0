using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Endpoint;

/// <summary>A node believes nothing in a state directory that another user could have written to.</summary>
public sealed class StateModeTests
{
    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData("run")]
    [InlineData("releases")]
    [InlineData("packages")]
    [InlineData("nodes/main")]
    public async Task No_release_is_loaded_where_others_can_write(string directory)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are of Unix.");
        await using var node = new NodeHarness();
        // It would say so, if it were loaded.
        var release = node.Releases.Write(new CountingService { Configure = "throw new System.Exception(\"was run\");" }.Compile());
        var path = Path.Combine(node.State.Root, directory);
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, Open);

        var refusal = await Assert.ThrowsAsync<StateException>(() => node.StartOn(release));

        Assert.Contains("is open to other users (mode 0703)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"chmod go-w {Path.TrimEndingDirectorySeparator(path)}", refusal.Remedy, StringComparison.Ordinal);
        Assert.Equal(0, node.Node.Status().Version);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("../../elsewhere/r000001")]
    [InlineData("/elsewhere/r000001")]
    [InlineData("..")]
    [InlineData("r000001/")]
    public async Task What_is_no_id_leads_to_no_release(string current)
    {
        await using var node = new NodeHarness();
        node.Releases.Write(new CountingService().Compile());
        Directory.CreateDirectory(node.State.NodeDirectory("main"));
        await File.WriteAllTextAsync(node.State.Current("main"), current, TestContext.Current.CancellationToken);

        var report = await node.StartOn(null);

        Assert.Contains("is not a release id", Assert.Single(report!.Problems), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task No_release_is_loaded_when_others_can_read_the_cookie()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are of Unix.");
        await using var node = new NodeHarness();
        var release = node.Releases.Write(new CountingService { Configure = "throw new System.Exception(\"was run\");" }.Compile());
        Cookie.LoadOrCreate(node.State);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(node.State.Cookie, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var refusal = await Assert.ThrowsAsync<StateException>(() => node.StartOn(release));

        Assert.Contains($"chmod 600 {node.State.Cookie}", refusal.Remedy, StringComparison.Ordinal);
    }
}
