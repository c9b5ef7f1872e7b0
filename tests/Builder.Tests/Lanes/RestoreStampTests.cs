using WatchReload.Builder.Lanes;
using WatchReload.Builder.Tests.Support;

namespace WatchReload.Builder.Tests.Lanes;

public sealed class RestoreStampTests : IDisposable
{
    private static readonly Dictionary<string, string> Release = new() { ["Configuration"] = "Release" };

    private readonly Tree _tree = new Tree().Write("App.csproj", "<Project/>").Write("Directory.Build.props", "<Project/>").Write("assets.json", "{}");

    [Fact(Timeout = 60_000)]
    public async Task Is_right_after_a_round_trip_to_disk()
    {
        await Task.CompletedTask;
        Now().Write(_tree["stamp.json"]);
        Assert.Null(Now().Differs(RestoreStamp.Read(_tree["stamp.json"])));
    }

    [Fact(Timeout = 60_000)]
    public async Task Goes_by_content_and_not_by_time()
    {
        await Task.CompletedTask;
        var last = Now();
        File.SetLastWriteTimeUtc(_tree["App.csproj"], DateTime.UnixEpoch);
        Assert.Null(Now().Differs(last));
        _tree.Write("App.csproj", "<Project />");
        File.SetLastWriteTimeUtc(_tree["App.csproj"], DateTime.UnixEpoch);
        Assert.Equal("App.csproj changed", Now().Differs(last));
    }

    [Fact(Timeout = 60_000)]
    public async Task Names_what_differs()
    {
        await Task.CompletedTask;
        Assert.Equal("not restored yet", Now().Differs(null));
        Assert.Equal("SDK 9.0.100 became 10.0.100", Now().Differs(Now() with { Sdk = "9.0.100" }));
        Assert.Equal("other build properties", Now().Differs(Now() with { Properties = new Dictionary<string, string> { ["Configuration"] = "Debug" } }));
        Assert.Equal("Directory.Build.props is no longer used", RestoreStamp.Of("10.0.100", Release, [_tree["App.csproj"]], [_tree["assets.json"]]).Differs(Now()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Keeps_what_was_read_before_the_restore_when_a_file_changed_during_it()
    {
        await Task.CompletedTask;
        var before = Now();
        _tree.Write("App.csproj", "<Project>changed</Project>").Write("package.props", "<Project/>");
        var written = before.Restored([_tree["App.csproj"], _tree["package.props"]], []);
        Assert.Equal("App.csproj changed", RestoreStamp.Of("10.0.100", Release, written.Files.Keys, []).Differs(written));
    }

    [Fact(Timeout = 60_000)]
    public async Task Is_right_for_another_text_of_a_project_that_comes_to_the_same()
    {
        await Task.CompletedTask;
        var written = Now().Restored([], [_tree["assets.json"]], "facts");
        _tree.Write("App.csproj", "<Project>changed</Project>");
        Assert.Null((Now() with { Facts = "facts" }).Differs(written));
        Assert.Equal("App.csproj changed", (Now() with { Facts = "others" }).Differs(written));
        Assert.Equal("App.csproj changed", Now().Differs(written));
        Assert.Equal("App.csproj changed", (Now() with { Facts = "facts" }).Differs(written with { Facts = null }));
    }

    [Fact(Timeout = 60_000)]
    public async Task Does_not_go_by_what_a_project_comes_to_when_it_was_saved_during_the_restore()
    {
        await Task.CompletedTask;
        var before = Now();
        _tree.Write("App.csproj", "<Project>changed</Project>");
        Assert.Null(before.Restored([], [_tree["assets.json"]], "facts").Facts);
    }

    [Fact(Timeout = 60_000)]
    public async Task Goes_by_the_text_of_what_restore_reads_itself()
    {
        await Task.CompletedTask;
        _tree.Write("nuget.config", "<configuration/>");
        RestoreStamp With(string facts) => RestoreStamp.Of("10.0.100", Release, [_tree["nuget.config"]], [], facts);
        var written = With("facts");
        _tree.Write("nuget.config", "<configuration />");
        Assert.Equal("nuget.config changed", With("facts").Differs(written));
    }

    [Fact(Timeout = 60_000)]
    public async Task Is_not_right_when_another_configuration_restored_other_packages()
    {
        await Task.CompletedTask;
        var last = Now();
        _tree.Write("assets.json", """{ "version": 3 }""");
        Assert.Equal("restored for another configuration meanwhile", Now().Differs(last));
    }

    [Fact(Timeout = 60_000)]
    public async Task Counts_as_absent_when_it_is_damaged()
    {
        await Task.CompletedTask;
        Assert.Null(RestoreStamp.Read(_tree.Write("stamp.json", "{")["stamp.json"]));
    }

    public void Dispose() => _tree.Dispose();

    private RestoreStamp Now() => RestoreStamp.Of("10.0.100", Release, [_tree["App.csproj"], _tree["Directory.Build.props"]], [_tree["assets.json"]]);
}
