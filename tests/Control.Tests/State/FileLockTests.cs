using System.Diagnostics;

namespace WatchReload.Control.Tests.State;

public sealed class FileLockTests
{
    [Fact(Timeout = 60_000)]
    public async Task One_holds_it_and_the_others_are_told_who()
    {
        using var temporary = new TemporaryState();
        var path = Path.Combine(temporary.Parent, "lock");
        Assert.Null(FileLock.Holder(path));

        using (var held = FileLock.TryAcquire(path))
        {
            Assert.NotNull(held);
            Assert.Null(FileLock.TryAcquire(path));
            Assert.Null(FileLock.TryShare(path));
            Assert.Equal(ProcessIdentity.Current, FileLock.Holder(path));
        }

        using var again = FileLock.TryAcquire(path);
        Assert.NotNull(again);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Those_who_share_it_keep_out_who_wants_it_alone()
    {
        using var temporary = new TemporaryState();
        var path = Path.Combine(temporary.Parent, "lock");

        var first = FileLock.TryShare(path);
        var second = FileLock.TryShare(path);
        Assert.NotNull(first);
        Assert.NotNull(second);
        first.Dispose();
        Assert.Null(FileLock.TryAcquire(path));
        second.Dispose();

        using var alone = FileLock.TryAcquire(path);
        Assert.NotNull(alone);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_waits_gets_it_when_it_is_free_and_gives_up_when_it_is_not()
    {
        using var temporary = new TemporaryState();
        var path = Path.Combine(temporary.Parent, "lock");
        var held = FileLock.TryAcquire(path)!;

        Assert.Null(await FileLock.Acquire(path, TimeSpan.FromMilliseconds(50), TimeProvider.System));
        var waiting = FileLock.Acquire(path, TimeSpan.FromSeconds(50), TimeProvider.System);
        Assert.False(waiting.IsCompleted);
        held.Dispose();

        using var got = await waiting;
        Assert.NotNull(got);
    }

    [Fact(Timeout = 60_000)]
    public async Task It_ends_with_a_killed_process()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Uses flock(1).");
        using var temporary = new TemporaryState();
        var path = Path.Combine(temporary.Parent, "lock");
        using var holder = Process.Start(new ProcessStartInfo("sh", ["-c", "exec 9>\"$0\"; flock 9; echo held; exec sleep 1000", path]) { RedirectStandardOutput = true })!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync());
        Assert.Null(FileLock.TryAcquire(path));

        holder.Kill();
        await holder.WaitForExitAsync();

        using var taken = FileLock.TryAcquire(path);
        Assert.NotNull(taken);
    }

    [Fact(Timeout = 60_000)]
    public async Task Never_two_hold_it_while_its_file_is_deleted_again_and_again()
    {
        using var temporary = new TemporaryState();
        var path = Path.Combine(temporary.Parent, "lock");
        var holders = 0;
        var most = 0;
        var turns = 0;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (Volatile.Read(ref turns) < 200)
            {
                if (FileLock.TryAcquire(path) is not { } held)
                    continue;
                InterlockedMax(ref most, Interlocked.Increment(ref holders));
                Interlocked.Increment(ref turns);
                Interlocked.Decrement(ref holders);
                held.DisposeAndDelete();
            }
        })));

        Assert.Equal(1, most);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, seen);
    }
}
