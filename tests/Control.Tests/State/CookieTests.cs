namespace WatchReload.Control.Tests.State;

public sealed class CookieTests
{
    [Fact(Timeout = 60_000)]
    public async Task It_is_made_once_and_only_its_owner_can_read_it()
    {
        using var temporary = new TemporaryState();

        var made = Cookie.LoadOrCreate(temporary.State);
        var loaded = Cookie.LoadOrCreate(temporary.State);

        Assert.Equal(32, made.Key.Length);
        Assert.Equal(made.Key, loaded.Key);
        Assert.DoesNotContain(Convert.ToHexString(made.Key), made.ToString(), StringComparison.OrdinalIgnoreCase);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(temporary.State.Cookie));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(temporary.State.Root));
        }

        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task All_get_the_same_when_several_make_it_at_once()
    {
        for (var round = 0; round < 20; round++)
        {
            using var temporary = new TemporaryState();
            using var start = new Barrier(8);
            var cookies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() =>
            {
                start.SignalAndWait();
                return Convert.ToHexString(Cookie.LoadOrCreate(temporary.State).Key);
            }, TaskCreationOptions.LongRunning)));

            Assert.Single(cookies.Distinct());
            Assert.Equal([temporary.State.Cookie], Directory.GetFiles(temporary.State.Root));
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    public async Task A_damaged_one_is_refused_without_showing_it(string content)
    {
        using var temporary = new TemporaryState();
        Cookie.LoadOrCreate(temporary.State);
        await File.WriteAllTextAsync(temporary.State.Cookie, content);

        var refusal = Assert.Throws<StateException>(() => Cookie.LoadOrCreate(temporary.State));

        Assert.Contains(temporary.State.Cookie, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("rm ", refusal.Remedy, StringComparison.Ordinal);
        Assert.True(content.Length == 0 || !refusal.Message.Contains(content, StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_others_can_read_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are of Unix.");
        using var temporary = new TemporaryState();
        Cookie.LoadOrCreate(temporary.State);
        await Elevated.Run("chmod", "640", temporary.State.Cookie);

        var refusal = Assert.Throws<StateException>(() => Cookie.Load(temporary.State));

        Assert.Contains("mode 0640", refusal.Message, StringComparison.Ordinal);
        Assert.Equal($"Close it: chmod 600 {temporary.State.Cookie}", refusal.Remedy);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_of_another_user_is_refused()
    {
        Elevated.SkipUnlessRoot();
        using var temporary = new TemporaryState();
        Cookie.LoadOrCreate(temporary.State);
        await Elevated.GiveAway(temporary.State.Cookie);

        var refusal = Assert.Throws<StateException>(() => Cookie.LoadOrCreate(temporary.State));

        Assert.Contains("belongs to uid 65534", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("chown 0 ", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_command_does_not_make_one()
    {
        using var temporary = new TemporaryState();

        Assert.Throws<StateException>(() => Cookie.Load(temporary.State));

        Assert.False(Directory.Exists(temporary.State.Root));
        await Task.CompletedTask;
    }
}
