namespace WatchReload.Control.Tests.State;

public sealed class KeptCookieTests : IDisposable
{
    private readonly TemporaryState _temporary = new();
    private readonly KeptCookie _kept;

    public KeptCookieTests()
    {
        Cookie.LoadOrCreate(_temporary.State);
        _kept = new KeptCookie(_temporary.State);
    }

    private string File => _temporary.State.Cookie;

    [Fact(Timeout = 60_000)]
    public async Task It_is_read_once_while_its_file_is_as_it_was()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere it is read each time.");
        var first = _kept.Get(out var wasKept);
        Assert.False(wasKept);

        Assert.Same(first, _kept.Get(out wasKept));
        Assert.True(wasKept);
        _kept.Forget();

        Assert.Equal(first.Key, _kept.Get(out wasKept).Key);
        Assert.False(wasKept);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task It_is_read_again_when_the_file_was_replaced_or_rewritten()
    {
        var first = _kept.Get(out _);
        using var other = new TemporaryState();
        var replacement = Cookie.LoadOrCreate(other.State);
        System.IO.File.Move(other.State.Cookie, File, overwrite: true);
        Assert.Equal(replacement.Key, _kept.Get(out _).Key);

        await Changed(() => System.IO.File.WriteAllText(File, Convert.ToHexStringLower(first.Key) + "\n"));

        Assert.Equal(first.Key, _kept.Get(out var wasKept).Key);
        Assert.False(wasKept);
    }

    [Fact(Timeout = 60_000)]
    public async Task It_is_refused_as_soon_as_others_can_read_it_or_it_is_gone_or_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are of Unix.");
        _kept.Get(out _);
        await Elevated.Run("chmod", "604", File);
        Assert.Throws<StateException>(() => _kept.Get(out _));
        await Elevated.Run("chmod", "600", File);
        _kept.Get(out _);

        System.IO.File.Move(File, File + "-");
        Assert.Throws<StateException>(() => _kept.Get(out _));

        System.IO.File.CreateSymbolicLink(File, File + "-");
        Assert.Throws<StateException>(() => _kept.Get(out _));
    }

    [Fact(Timeout = 60_000)]
    public async Task It_is_refused_when_it_belongs_to_another_user_by_now()
    {
        Elevated.SkipUnlessRoot();
        _kept.Get(out _);

        await Elevated.GiveAway(File);

        Assert.Throws<StateException>(() => _kept.Get(out _));
    }

    public void Dispose() => _temporary.Dispose();

    /// <summary>Does it until the file system's clock has gone on: within one tick the same length is the same stamp.</summary>
    private async Task Changed(Action write)
    {
        var before = Stamp();
        do
        {
            write();
            await Task.Yield();
        }
        while (OperatingSystem.IsLinux() && Stamp() == before);
    }

    private Posix.FileStamp? Stamp() => OperatingSystem.IsLinux() ? Posix.Stat(File, followLink: false)?.Stamp : null;
}
