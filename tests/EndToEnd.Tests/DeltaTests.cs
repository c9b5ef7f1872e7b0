using WatchReload.EndToEnd.Tests.Support;
using WatchReload.Tests;

namespace WatchReload.EndToEnd.Tests;

/// <summary>Edits of bodies, methods that are added and types that are declared otherwise are applied to what is loaded; what is more than that is loaded; and both again.</summary>
public sealed class DeltaTests
{
    private const string Connection = Checkout.Service + "Connection.cs";
    private const string Ping = "self.WriteLine($\"pong {text} {s.Pings}\");";
    private const string End = "private static void End(";
    private const string Rethrown = "CA2200";
    private const string State = Checkout.Service + "ConnectionState.cs";

    [Fact(Timeout = 600_000)]
    public async Task Edit_goes_the_cheapest_way_that_is_right_and_the_connection_stays()
    {
        await using var checkout = await Checkout.Create();
        var watch = await checkout.Watch();
        using var client = await checkout.Connect("ann");
        Assert.Equal("pong a 1", await client.Ask("/ping a"));
        await checkout.BuilderIsReady();

        Assert.Equal("delta", await Edit(Connection, "$\"pong {text}", "$\"PONG {text}"));
        Assert.Equal("PONG a 2", await client.Ask("/ping a"));

        Assert.Equal("delta", await Edit(State, "int Pings)", "long Pings, string? Mood = null)"));
        Assert.Equal("PONG a 3", await client.Ask("/ping a"));

        Assert.Equal("delta", await Edit(Connection, "$\"PONG {text}", "$\"Pong {text}"));
        Assert.Equal("Pong a 4", await client.Ask("/ping a"));

        // The release of the tree follows, and only gives its name.
        var built = await watch.Event("build.finished", e => e.Text("lane") == "replay" && e.Text("release") is not null);
        var trial = checkout.State.Trial("main");
        await FileNews.Until(trial, () => FileNews.Says(trial, built.Text("release")!), "the release to give its name");
        Assert.Equal(built.Text("release"), (await checkout.Status()).Text("release"));
        Assert.Equal(4, (await checkout.Status()).Version);
        Assert.Equal("Pong a 5", await client.Ask("/ping a"));

        async Task<string?> Edit(string path, string old, string edited)
        {
            checkout.Edit(path, (old, edited));
            return (await watch.Committed()).Text("lane");
        }
    }

    [Fact(Timeout = 600_000)]
    public async Task Way_to_the_node_is_walked_before_the_first_edit_and_changes_nothing()
    {
        await using var checkout = await Checkout.Create();
        checkout.Environment["WATCHRELOAD_LOG__LEVEL"] = "debug"; // with it the node's own lines are on the console of watch
        var watch = await checkout.Watch();

        await watch.Errors.First(line => line.Contains("asked for by warmup", StringComparison.Ordinal), "that the way was walked");
        await watch.Errors.First(line => line.Contains("is what version 1 serves already; nothing is loaded", StringComparison.Ordinal), "that it led to nothing");
        checkout.Edit(Connection, ("$\"pong {text}", "$\"PONG {text}"));

        var committed = await watch.Committed();
        Assert.Equal((1, 2), (committed.Number("previousVersion"), committed.Number("version")));
        Assert.DoesNotContain(watch.Errors.All.TakeWhile(line => !line.Contains("asked for by watch", StringComparison.Ordinal)), line => line.Contains("Code change", StringComparison.Ordinal));
    }

    /// <summary>What is new to all code can be called by nothing but what is edited; where code has the name already the type is made anew.</summary>
    [Fact(Timeout = 600_000)]
    public async Task Added_method_is_called_on_the_open_connection_by_delta_and_by_what_starts_from_the_same_tree()
    {
        await using var checkout = await Checkout.Create();
        var watch = await checkout.Watch();
        using var client = await checkout.Connect("ann");
        Assert.Equal("pong a 1", await client.Ask("/ping a"));
        await checkout.BuilderIsReady();

        var added = await Edit(
            (Ping, "self.WriteLine(Pong(text, s.Pings));"),
            (End, $"private static string Pong(string text, int pings)\n    {{\n        Func<string> says = () => $\"Pong {{text}} {{pings}}\";\n        return says();\n    }}\n\n    {End}"));
        Assert.Equal(("delta", null), (added.Text("lane"), added.Text("laneReason")));
        Assert.Equal("Pong a 2", await client.Ask("/ping a"));

        Assert.Equal("delta", (await Edit(("$\"Pong {text}", "$\"PONG {text}"))).Text("lane"));
        Assert.Equal("PONG a 3", await client.Ask("/ping a"));

        var overload = await Edit((End, $"private static string Pong(string text, long pings) => $\"{{text}} {{pings}}\";\n\n    {End}"));
        Assert.Equal(("delta", null), (overload.Text("lane"), overload.Text("laneReason")));
        Assert.Equal("PONG a 4", await client.Ask("/ping a"));

        Assert.Equal("delta", (await Edit(("$\"PONG {text}", "$\"{Loudly(text)}"), (End, $"private static string Loudly(string text) => text.ToUpperInvariant();\n\n    {End}"))).Text("lane"));
        Assert.Equal("A 5", await client.Ask("/ping a"));

        // The next start is from the same tree.
        watch.Signal("TERM");
        await watch.Exit();
        await checkout.Watch();
        using var again = await checkout.Connect("bob");
        Assert.Equal("A 1", await again.Ask("/ping a"));

        Task<CommandEvent> Edit(params (string Old, string New)[] edits)
        {
            checkout.Edit(Connection, edits);
            return watch.Committed();
        }
    }

    /// <summary>What the file is called is an input from then on, for the watcher and for the release that follows.</summary>
    [Fact(Timeout = 600_000)]
    public async Task File_with_a_type_comes_by_delta_with_what_uses_it_and_is_edited_by_delta()
    {
        await using var checkout = await Checkout.Create();
        var watch = await checkout.Watch();
        using var client = await checkout.Connect("ann");
        Assert.Equal("pong a 1", await client.Ask("/ping a"));
        await checkout.BuilderIsReady();

        checkout.Save(Checkout.Service + "Pongs/Pong.cs", "namespace WatchReload.Service.Pongs;\n\n/// <summary>An answer.</summary>\ninternal sealed record Pong(string Text, int Pings)\n{\n    /// <inheritdoc/>\n    public override string ToString() => $\"Pong {Text} {Pings}\";\n}\n");
        var file = await watch.Committed();
        Assert.Equal(("delta", null), (file.Text("lane"), file.Text("laneReason")));
        Assert.Equal("delta", await Edit(Connection, Ping, "self.WriteLine(new Pongs.Pong(text, s.Pings).ToString());"));
        Assert.Equal("Pong a 2", await client.Ask("/ping a"));
        Assert.Equal("delta", await Edit(Checkout.Service + "Pongs/Pong.cs", "$\"Pong", "$\"PONG"));
        Assert.Equal("PONG a 3", await client.Ask("/ping a"));
        Assert.Equal("delta", await Edit(Checkout.Service + "Pongs/Pong.cs", "int Pings)", "int Pings, bool Loud = true)"));
        Assert.Equal("PONG a 4", await client.Ask("/ping a"));

        // The release of the tree gives its name, and is what the next start is from.
        var built = await watch.Event("build.finished", e => e.Text("lane") != "delta" && e.Text("release") is not null);
        var trial = checkout.State.Trial("main");
        await FileNews.Until(trial, () => FileNews.Says(trial, built.Text("release")!), "the release to give its name");
        Assert.Equal((5, built.Text("release")), await checkout.Status() is var status ? (status.Version, status.Text("release")) : default);
        watch.Signal("TERM");
        await watch.Exit();
        await checkout.Watch();
        using var again = await checkout.Connect("bob");
        Assert.Equal("PONG a 1", await again.Ask("/ping a"));

        async Task<string?> Edit(string path, string old, string edited)
        {
            checkout.Edit(path, (old, edited));
            return (await watch.Committed()).Text("lane");
        }
    }

    /// <summary>The release that follows a delta gives way to the next edit, which is none the slower for it.</summary>
    [Fact(Timeout = 600_000)]
    public async Task Edit_is_a_delta_when_it_breaks_off_the_release_of_the_one_before()
    {
        await using var checkout = await Checkout.Create();
        var pauses = Directory.CreateDirectory(checkout.Beside("pauses")).FullName;
        checkout.Environment["WATCHRELOAD_PAUSE"] = pauses;
        var watch = await checkout.Watch();
        using var client = await checkout.Connect("ann");
        await checkout.BuilderIsReady();
        using var pause = await Pause.At(pauses, "staging");
        checkout.Edit(Connection, ("$\"pong {text}", "$\"PONG {text}"));
        Assert.Equal("delta", (await watch.Committed()).Text("lane"));
        await pause.Reached(); // by the release of that

        checkout.Edit(Connection, ("$\"PONG {text}", "$\"Pong {text}"));
        await watch.Event("change.detected");
        pause.Dispose();

        var built = await watch.Event("build.finished"); // nothing was finished before
        Assert.Equal(("delta", null), (built.Text("lane"), built.Text("laneReason")));
        await watch.Committed();
        Assert.Equal("Pong a 1", await client.Ask("/ping a"));
    }

    /// <summary>A look at the tree finds that there is nothing to build; the release that the deltas before are owed is built all the same.</summary>
    [Fact(Timeout = 600_000)]
    public async Task Release_of_the_deltas_is_built_when_a_bad_edit_was_undone()
    {
        await using var checkout = await Checkout.Create();
        checkout.Edit("watch.json", ("{", """{ "watch": { "polling": "always", "pollInterval": "100ms" },"""));
        var watch = await checkout.Watch();
        using var client = await checkout.Connect("ann");
        await checkout.BuilderIsReady();
        checkout.Edit(Connection, ("$\"pong {text}", "$\"PONG {text}"));
        var delta = await watch.Event("build.finished", e => e.Text("lane") == "delta");
        Assert.Equal("delta", (await watch.Committed()).Text("lane"));

        checkout.Edit(Connection, ("$\"PONG {text}", "$PONG"));
        await watch.Event("build.failed");
        checkout.Edit(Connection, ("$PONG", "$\"PONG {text}"));

        var released = await watch.Events.First(e => e.Name == "build.finished" && e.Text("lane") != "delta" && e.Text("sourceHash") == delta.Text("sourceHash"), "the release of the tree that the delta has brought");
        var trial = checkout.State.Trial("main");
        await FileNews.Until(trial, () => FileNews.Says(trial, released.Text("release")!), "the release to give its name");
        var status = await checkout.Status();
        Assert.Equal((2, released.Text("release")), (status.Version, status.Text("release")));
        Assert.Equal("PONG a 1", await client.Ask("/ping a"));
    }

    /// <summary>Such a file is like none that a build has named, so that the tree without it is the tree that the node has.</summary>
    [Fact(Timeout = 600_000)]
    public async Task First_file_of_its_kind_is_live_when_a_look_finds_it()
    {
        await using var checkout = await Checkout.Create();
        checkout.Edit("watch.json", ("{", """{ "watch": { "polling": "always", "pollInterval": "100ms" },"""));
        checkout.Edit(Connection, (Ping, "#if SHOUTS\n" + Ping.Replace("pong", "PONG", StringComparison.Ordinal) + "\n#else\n" + Ping + "\n#endif"));
        var watch = await checkout.Watch();
        using var client = await checkout.Connect("ann");
        Assert.Equal("pong a 1", await client.Ask("/ping a"));

        checkout.Save(Checkout.Service + "Directory.Build.targets", "<Project><PropertyGroup><DefineConstants>$(DefineConstants);SHOUTS</DefineConstants></PropertyGroup></Project>");

        await watch.Committed();
        Assert.Equal("PONG a 2", await client.Ask("/ping a"));
    }

    /// <summary>Nobody waits for analyzers that can only warn; their warnings come when edits pause.</summary>
    [Fact(Timeout = 600_000)]
    public async Task New_file_is_live_before_analyzers_have_warned_of_it()
    {
        await using var checkout = await Checkout.Create();
        checkout.Edit("Directory.Build.props", ("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", ""));
        var watch = await checkout.Watch();
        await checkout.BuilderIsReady();

        checkout.Save(Checkout.Service + "Doubtful.cs", "namespace WatchReload.Service; internal static class Doubtful<T> { internal static int Of(int a) { try { return 1 / a; } catch (DivideByZeroException e) { throw e; } } }");

        var built = await watch.Event("build.finished", e => e.Text("laneReason") == "files came or went, and Doubtful is generic");
        Assert.Equal("build", built.Text("lane"));
        Assert.DoesNotContain(Rethrown, built.ToString(), StringComparison.Ordinal);
        await watch.Event("reload.committed");
        var analyzed = await watch.Event("build.analyzed");
        Assert.Equal(built.Text("release"), analyzed.Text("release"));
        Assert.Contains(Rethrown, analyzed.ToString(), StringComparison.Ordinal);
    }
}
