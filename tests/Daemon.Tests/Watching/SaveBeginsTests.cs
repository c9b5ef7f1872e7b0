namespace WatchReload.Daemon.Tests.Watching;

/// <summary>When it is told that a save begins, before it has settled.</summary>
public sealed class SaveBeginsTests
{
    [Fact(Timeout = 60_000)]
    public async Task Save_is_told_once_as_it_begins_when_it_is_one_source_file_and_somebody_waits()
    {
        var events = new ScriptedEvents();
        await using var folder = await Unsettled(events);
        await Touch("a.cs");
        Assert.Equal(0, folder.Begun); // nobody waits

        var next = folder.Next();
        await Touch("a.cs");
        Assert.Equal(1, folder.Begun);
        await Touch("a.cs", "4913");
        Assert.Equal(1, folder.Begun);
        Assert.False(next.IsCompleted);

        async Task Touch(params string[] files)
        {
            foreach (var file in files)
                events.Last.Touched(folder.Write(file, Guid.NewGuid().ToString()));
            await folder.Reached();
        }
    }

    /// <summary>What would be made ready of half a file is in vain.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Save_is_told_when_its_writer_has_closed_the_file_and_again_when_it_is_written_once_more()
    {
        var events = new ScriptedEvents();
        await using var folder = await Unsettled(events);
        var (file, next) = (folder.Write("a.cs", "1"), folder.Next());
        for (var writes = 1; writes <= 2; writes++)
        {
            events.Last.Written(file);
            await folder.Reached();
            Assert.Equal(writes - 1, folder.Begun);
            for (var told = 0; told < 2; told++)
            {
                events.Last.Touched(file);
                await folder.Reached();
                Assert.Equal(writes, folder.Begun);
            }
        }

        Assert.False(next.IsCompleted);
    }

    /// <summary>As vim's swap file, or a log: it stays open, and who saves does not wait for it.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Save_is_told_though_somebody_writes_a_file_that_counts_for_nothing()
    {
        var events = new ScriptedEvents();
        await using var folder = await Unsettled(events);
        var (file, swap, next) = (folder.Write("a.cs", "1"), folder.Write(".a.cs.swp", "1"), folder.Next());
        events.Last.Touched(file);
        events.Last.Written(swap);
        await folder.Reached();
        Assert.Equal((false, 1), (next.IsCompleted, folder.Begun));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("a.cs", "b.cs", null)]
    [InlineData("p.csproj", "watch.json", null)]
    [InlineData("a.cs", "a.txt", "git rebase")]
    public async Task Nothing_is_told_at_its_beginning_of_what_is_more_than_a_save(string one, string other, string? git)
    {
        var events = new ScriptedEvents();
        await using var folder = await Unsettled(events, () => git);
        foreach (var file in (string[])[one, other])
            events.Last.Touched(folder.Write(file, "1"));
        await folder.Reached();

        var next = folder.Next();
        await folder.Reached();
        Assert.Equal((false, 0), (next.IsCompleted, folder.Begun));
    }

    /// <summary>Nothing in it ever comes to rest.</summary>
    private static async Task<WatchedFolder> Unsettled(ScriptedEvents events, Func<string?>? busyWith = null)
    {
        var folder = new WatchedFolder { Open = events.Open, BusyWith = busyWith ?? (() => null) };
        folder.Settings = folder.Settings with { Quiet = TimeSpan.FromHours(1), BurstQuiet = TimeSpan.FromHours(1) };
        await folder.Watch();
        return folder;
    }
}
