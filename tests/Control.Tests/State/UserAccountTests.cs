using System.Runtime.Versioning;

namespace WatchReload.Control.Tests.State;

/// <summary>What is read in place of another user: what that one could read by itself, told by modes of files that really belong to others.</summary>
[SupportedOSPlatform("linux")]
public sealed class UserAccountTests : IDisposable
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _root = Directory.CreateTempSubdirectory("wr-account-").FullName;
    private readonly UserAccount _nobody;

    public UserAccountTests()
    {
        Elevated.SkipUnlessRoot();
        File.SetUnixFileMode(_root, (UnixFileMode)0b111_101_101);
        _nobody = UserAccount.Find("nobody")!;
        Assert.SkipWhen(_nobody is null, "There is no user nobody.");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact(Timeout = 60_000)]
    public async Task What_is_open_to_all_and_what_is_its_own_is_read()
    {
        Assert.Equal("open", await Read(await Make("open", 0b110_100_100)));
        var own = await Make("own", 0b110_000_000);
        await Elevated.GiveAway(own);
        Assert.Equal("own", await Read(own));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_closed_to_it_is_refused_whatever_name_leads_there()
    {
        var secret = await Make("secret", 0b110_000_000);
        var link = Path.Combine(_root, "link");
        File.CreateSymbolicLink(link, secret);
        var hard = Path.Combine(_root, "hard");
        await Elevated.Run("ln", secret, hard);

        Assert.Contains("secret cannot be read by nobody", await Refused(secret), StringComparison.Ordinal);
        Assert.Contains($"link, which leads to {secret}, cannot be read by nobody", await Refused(link), StringComparison.Ordinal);
        Assert.Contains("hard cannot be read by nobody", await Refused(hard), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_lies_in_a_directory_that_is_closed_to_it_is_refused_though_its_own_mode_is_open()
    {
        Directory.CreateDirectory(Path.Combine(_root, "closed"), OwnerAlone);
        var inner = await Make("closed/open", 0b110_100_100);
        var link = Path.Combine(_root, "link");
        File.CreateSymbolicLink(link, inner);

        Assert.Contains("cannot be read by nobody", await Refused(inner), StringComparison.Ordinal);
        Assert.Contains("cannot be read by nobody", await Refused(link), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_named_pipe_is_refused_and_not_waited_for()
    {
        var pipe = Path.Combine(_root, "pipe");
        await Elevated.Run("mkfifo", "-m", "666", pipe);

        Assert.Contains("is no file", await Refused(pipe), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_directory_is_fit_when_it_is_the_users_and_nobody_else_can_write_there()
    {
        var directory = Directory.CreateDirectory(Path.Combine(_root, "build")).FullName;
        Assert.Contains("belongs to root, not to nobody", _nobody.Unfit(directory)!.Value.Cause, StringComparison.Ordinal);
        await Elevated.GiveAway(directory);
        Assert.Null(_nobody.Unfit(directory));
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_111_111);
        Assert.Contains($"chmod go-w {directory}", _nobody.Unfit(directory)!.Value.Remedy, StringComparison.Ordinal);
        Assert.Contains($"There is no {directory}x", _nobody.Unfit(directory + "x")!.Value.Cause, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_directory_is_not_fit_below_one_that_it_cannot_enter_or_that_others_could_replace()
    {
        var directory = Directory.CreateDirectory(Path.Combine(_root, "above", "build")).FullName;
        var above = Path.GetDirectoryName(directory)!;
        await Elevated.GiveAway(directory);
        Assert.Null(_nobody.Unfit(directory));
        File.SetUnixFileMode(above, OwnerAlone);
        Assert.Contains($"nobody cannot enter {above}", _nobody.Unfit(directory)!.Value.Cause, StringComparison.Ordinal);
        File.SetUnixFileMode(above, (UnixFileMode)0b111_111_111);
        Assert.Contains($"Other users can write to {above}", _nobody.Unfit(directory)!.Value.Cause, StringComparison.Ordinal);
        File.SetUnixFileMode(above, (UnixFileMode)0b111_101_101);
        await Elevated.Run("chown", "65533", above);
        Assert.Contains($"{above}, in which {directory} lies, belongs to uid 65533", _nobody.Unfit(directory)!.Value.Cause, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_user_that_there_is_not_is_not_found()
    {
        await Task.Yield();
        Assert.Null(UserAccount.Find("no-such-user"));
        Assert.Equal((65534, 65534), (_nobody.Id, _nobody.Group));
    }

    private async Task<string> Make(string name, int mode)
    {
        var path = Path.Combine(_root, name);
        await File.WriteAllTextAsync(path, Path.GetFileName(name), TestContext.Current.CancellationToken);
        File.SetUnixFileMode(path, (UnixFileMode)mode);
        return path;
    }

    private async Task<string> Read(string path)
    {
        using var reader = new StreamReader(_nobody.OpenRead(path));
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private async Task<string> Refused(string path)
    {
        await Task.Yield();
        return Assert.Throws<StateException>(() => _nobody.OpenRead(path)).Message;
    }
}
