using WatchReload.Control;
using WatchReload.Daemon.Watching;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Watching;

public sealed class WatcherTests
{
    [Fact(Timeout = 60_000)]
    public async Task Edits_during_a_build_are_in_the_next_change_set()
    {
        await using var folder = new WatchedFolder();
        folder.Write("a.cs", "1");
        folder.Write("b.cs", "1");
        await folder.Watch();
        folder.Write("a.cs", "2");
        await folder.Expect("a.cs");

        // The build goes on here.
        folder.Write("b.cs", "2");
        folder.Write("a.cs", "3");
        folder.Write("c.cs", "1");
        await folder.Expect("a.cs", "b.cs", "c.cs");
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task No_change_when_an_edit_was_undone_meanwhile()
    {
        await using var folder = new WatchedFolder();
        folder.Write("a.cs", "1");
        await folder.Watch();
        folder.Write("a.cs", "2");
        await folder.Next();

        folder.Write("a.cs", "3");
        folder.Write("b.cs", "1");
        File.Delete(folder.At("b.cs"));
        folder.Write("a.cs", "2");
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Handed_on_again_when_a_build_may_have_read_what_was_undone()
    {
        var events = new ScriptedEvents();
        await using var folder = new WatchedFolder { Open = events.Open };
        var file = folder.Write("a.cs", "1");
        folder.Write("b.cs", "1");
        folder.Write("p.csproj", "1");
        var inputs = new BuildInputs { Projects = [folder.At("p.csproj")], Files = [file, folder.At("b.cs")] };
        await folder.Watch();
        folder.BeginAdopt(inputs);

        // The build begins, and the file is another for a while.
        folder.Write("a.cs", "2");
        events.Last.Touched(file);
        await folder.Reached();
        folder.Write("a.cs", "1");
        events.Last.Touched(file);
        // Touched and no more.
        File.SetLastWriteTimeUtc(folder.At("b.cs"), DateTime.UnixEpoch);
        events.Last.Touched(folder.At("b.cs"));
        folder.BeginAdopt(inputs);
        await folder.Expect("a.cs");

        folder.Write("c.cs", "1");
        events.Last.Touched(folder.At("c.cs"));
        await folder.Expect("c.cs");
    }

    /// <summary>As a global.json that asks for an SDK that is not here, and is taken away while the builder says so.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Handed_on_again_when_what_was_undone_may_have_kept_a_build_from_any_evaluation()
    {
        var events = new ScriptedEvents();
        await using var folder = new WatchedFolder { Open = events.Open };
        var inputs = new BuildInputs { Projects = [folder.Write("p.csproj", "1")] };
        await folder.Watch();
        folder.BeginAdopt(inputs);

        var file = folder.Write("global.json", "{}");
        events.Last.Touched(file);
        await folder.Reached();
        folder.BeginAdopt(new BuildInputs());
        File.Delete(file);
        events.Last.Touched(file);

        await folder.Expect("global.json");
    }

    [Fact(Timeout = 60_000)]
    public async Task Handed_on_again_when_their_directory_was_elsewhere_while_a_build_may_have_looked_for_them()
    {
        var events = new ScriptedEvents();
        await using var folder = new WatchedFolder { Open = events.Open };
        var file = folder.Write("deep/a.cs", "1");
        folder.Write("p.csproj", "1");
        var inputs = new BuildInputs { Projects = [folder.At("p.csproj")], Files = [file] };
        await folder.Watch();
        folder.BeginAdopt(inputs);

        // The build begins, and does not find it. When the events are read it is back.
        Directory.Move(folder.At("deep"), folder.At("away"));
        Directory.Move(folder.At("away"), folder.At("deep"));
        foreach (var name in (string[])["deep", "away", "away", "deep"])
            events.Last.Moved(folder.At(name));
        folder.BeginAdopt(inputs);
        await folder.Expect("deep/a.cs");
    }

    [Fact(Timeout = 60_000)]
    public async Task Not_handed_on_when_their_directory_is_touched_and_no_more_while_a_build_may_look_for_them()
    {
        var events = new ScriptedEvents();
        await using var folder = new WatchedFolder { Open = events.Open };
        var (within, beside) = (folder.Write("deep/a.cs", "1"), folder.Write("b.cs", "1"));
        folder.Write("p.csproj", "1");
        var inputs = new BuildInputs { Projects = [folder.At("p.csproj")], Files = [within, beside] };
        await folder.Watch();
        folder.BeginAdopt(inputs);

        Directory.SetLastWriteTimeUtc(folder.At("deep"), DateTime.UnixEpoch);
        events.Last.Touched(folder.At("deep"));
        folder.BeginAdopt(inputs);
        folder.Write("b.cs", "2");
        events.Last.Touched(beside);
        await folder.Expect("b.cs"); // alone
    }

    [Fact(Timeout = 60_000)]
    public async Task Gone_when_a_file_is_deleted_between_its_event_and_the_read()
    {
        var events = new ScriptedEvents();
        await using var folder = new WatchedFolder { Open = events.Open };
        var (known, unknown) = (folder.Write("a.cs", "1"), folder.At("b.cs"));
        await folder.Watch();
        events.Last.Touched(unknown);
        events.Last.Touched(known);
        File.Delete(known);
        await folder.Expect("a.cs");
    }

    [Fact(Timeout = 60_000)]
    public async Task One_change_set_when_events_lag_behind_git()
    {
        var (time, events) = (new FakeTime(), new ScriptedEvents());
        await using var folder = new WatchedFolder { Time = time, Open = events.Open };
        var busy = "index.lock";
        folder.BusyWith = () => busy;
        var (a, b) = (folder.Write("a.cs", "1"), folder.Write("b.cs", "1"));
        var beat = Path.Combine(folder.State, "heartbeat");
        await folder.Watch();
        var beating = time.Armed(TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.Zero);
        await beating;
        events.Last.Touched(beat);
        var next = folder.Next();

        var settling = time.Armed(folder.Settings.Quiet);
        folder.Write("a.cs", "22");
        folder.Write("b.cs", "22");
        events.Last.Touched(a);
        await settling;
        var held = time.Armed(TimeSpan.FromMilliseconds(10));
        time.Advance(folder.Settings.Quiet);
        await held;
        busy = null;
        settling = time.Armed(folder.Settings.Quiet);
        time.Advance(TimeSpan.FromMilliseconds(10));
        await settling;
        beating = time.Armed(TimeSpan.FromSeconds(1));
        time.Advance(folder.Settings.Quiet);
        await beating;

        // Now it waits for the answer; what git wrote last comes before it.
        Assert.False(next.IsCompleted);
        settling = time.Armed(folder.Settings.Quiet);
        events.Last.Touched(b);
        events.Last.Touched(beat);
        await settling;
        time.Advance(folder.Settings.Quiet);
        Assert.Equal([a, b], (await next).Paths);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_handed_on_until_git_lets_go_of_the_index()
    {
        await using var folder = new WatchedFolder();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lockFile = folder.At(".git/index.lock");
        folder.BusyWith = () =>
        {
            if (!File.Exists(lockFile))
                return null;
            asked.TrySetResult();
            return "index.lock";
        };
        folder.Write("a.cs", "1");
        await folder.Watch();
        File.WriteAllText(lockFile, "");
        var next = folder.Expect("a.cs", "b.cs");
        folder.Write("a.cs", "2");
        await asked.Task;
        folder.Write("b.cs", "2");
        Assert.False(next.IsCompleted);
        File.Delete(lockFile);
        await next;
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_file_is_handed_on_when_thousands_of_files_are_written()
    {
        await using var folder = new WatchedFolder();
        await folder.Watch();
        var next = folder.Next();
        for (var i = 0; i < 3000; i++)
            folder.Write($"d{i % 50}/e{i % 7}/f{i}.cs", $"{i}");
        var change = await next;
        // A machine under load may pause in the middle for longer than any quiet time.
        var paths = change.Paths.ToHashSet();
        while (paths.Count < 3000)
            paths.UnionWith((await folder.Next()).Paths);
        Assert.Equal(3000, paths.Count);
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Whole_content_when_an_editor_empties_the_file_first()
    {
        var (quiet, burst) = (TimeSpan.FromMilliseconds(8), TimeSpan.FromMilliseconds(80));
        var time = new FakeTime();
        time.SetUtcNow(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var events = new ScriptedEvents();
        await using var folder = new WatchedFolder { Time = time, Open = events.Open };
        folder.Settings = folder.Settings with { Quiet = quiet, BurstQuiet = burst };
        var file = folder.Write("a.cs", "1");
        await folder.Watch();
        var next = folder.Next();

        var settling = time.Armed(quiet);
        File.WriteAllText(file, "");
        events.Last.Touched(file);
        await settling;
        var doubting = time.Armed(burst);
        time.Advance(quiet);
        await doubting;

        File.WriteAllText(file, "22");
        time.Advance(burst - quiet);
        settling = time.Armed(burst);
        events.Last.Touched(file);
        await settling;
        Assert.False(next.IsCompleted);
        time.Advance(burst);
        Assert.Equal([file], (await next).Paths);
    }

    [Fact(Timeout = 60_000)]
    public async Task Told_when_git_holds_changes_up_for_long()
    {
        var time = new FakeTime();
        var events = new ScriptedEvents();
        await using var folder = new WatchedFolder { Time = time, Open = events.Open, BusyWith = () => "index.lock" };
        var file = folder.Write("a.cs", "1");
        await folder.Watch();
        var next = folder.Next();
        var settling = time.Armed(folder.Settings.Quiet);
        folder.Write("a.cs", "2");
        events.Last.Touched(file);
        await settling;
        while (!folder.Log.Lines.Any(line => line.Contains("index.lock") && line.Contains("left-over lock file")))
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
        Assert.False(next.IsCompleted);
    }

    [Fact(Timeout = 60_000)]
    public async Task Found_by_the_watcher_after_when_one_dies_unseen()
    {
        await using var folder = new WatchedFolder();
        folder.Settings = folder.Settings with { HeartbeatInterval = TimeSpan.FromMilliseconds(50) };
        var openings = 0;
        folder.Open = (directories, touched, failed) =>
        {
            var events = TreeEvents.Open(directories, touched, failed);
            if (++openings == 1)
                events.Dispose();
            return events;
        };
        folder.Write("a.cs", "1");
        await folder.Watch();
        folder.Write("a.cs", "2");
        var change = await folder.Next();
        Assert.Equal([folder.At("a.cs")], change.Paths);
        Assert.True(change.Rescan);
        await folder.Nothing();
        Assert.Equal(2, openings);
    }

    [Fact(Timeout = 60_000)]
    public async Task Found_by_polling_when_it_is_configured()
    {
        await using var folder = new WatchedFolder { Open = (_, _, _) => throw new InvalidOperationException("no events wanted") };
        // Never at rest would show: it would be handed on only after the longest settle time, which the test does not live to see.
        folder.Settings = folder.Settings with { Polling = PollingMode.Always, PollInterval = TimeSpan.FromMilliseconds(20), LongestSettle = TimeSpan.FromHours(1) };
        folder.Write("a.cs", "1");
        await folder.Watch();
        folder.Write("a.cs", "22");
        await folder.Expect("a.cs");
        folder.Write("new/b.cs", "1");
        await folder.Expect("new/b.cs");
        File.Delete(folder.At("a.cs"));
        await folder.Expect("a.cs");
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Ends_when_it_is_disposed()
    {
        await using var folder = new WatchedFolder();
        var watcher = await Watcher.Start(folder.Settings, () => null, TreeEvents.Open, TimeProvider.System, folder.Log, TestContext.Current.CancellationToken);
        var all = Task.Run(async () =>
        {
            await foreach (var _ in watcher.Changes(TestContext.Current.CancellationToken))
            {
            }
        });
        await watcher.DisposeAsync();
        await all;
    }
}
