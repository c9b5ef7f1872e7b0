using WatchReload.Daemon.Configuration;

namespace WatchReload.Daemon.Tests.Configuration;

public sealed class LocatingTests
{
    private const string Json = "{ \"project\": \"Service.csproj\" }";

    [Fact(Timeout = 60_000)]
    public async Task Nearest_file_is_found_when_it_lies_above()
    {
        await Task.Yield();
        using var tree = new Tree(Json);
        Directory.CreateDirectory(tree.At(".git"));
        Directory.CreateDirectory(tree.At("a/b"));
        var settings = SettingsLoader.Load(tree.Sources with { Directory = tree.At("a/b") }).Settings;
        Assert.Equal((tree.Root, tree.At("Service.csproj")), (settings?.Root, settings?.Project));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Search_ends_when_it_has_come_to_the_top_of_the_checkout(bool git)
    {
        await Task.Yield();
        using var tree = new Tree(Json);
        Directory.CreateDirectory(tree.At("clone/src"));
        if (git)
            tree.Write("clone/.git", "gitdir: elsewhere");
        var error = Assert.Single(SettingsLoader.Load(tree.Sources with { Directory = tree.At("clone/src") }).Errors);
        Assert.Equal($"{tree.At("clone/src/watch.json")}: There is no watch.json here, nor in a directory above up to the top of the git checkout. Let \"watchreload init\" write one, or name one with --config.", error.ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task No_file_is_needed_when_a_variable_names_the_project()
    {
        await Task.Yield();
        using var tree = new Tree();
        tree.Variables["WATCHRELOAD_PROJECT"] = "Service.csproj";
        var settings = tree.LoadValid();
        Assert.Equal((tree.Root, null, tree.At("Service.csproj")), (settings.Root, settings.File, settings.Project));
    }

    [Fact(Timeout = 60_000)]
    public async Task Named_file_is_read_when_a_flag_or_variable_names_it()
    {
        await Task.Yield();
        using var tree = new Tree("not json");
        tree.Write("other/Service.csproj", "<Project />");
        tree.Write("other/x.json", Json);
        tree.Variables["WATCHRELOAD_CONFIG"] = "gone.json";
        Assert.Equal(tree.At("other/Service.csproj"), tree.LoadValid(sources => sources with { ConfigPath = "other/x.json" }).Project);
        Assert.Equal($"{tree.At("gone.json")}: There is no such file. Check the path, or let \"watchreload init\" write a watch.json.", tree.LoadWithOneError().ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task Directory_is_refused_when_a_file_is_expected()
    {
        await Task.Yield();
        using var tree = new Tree();
        Directory.CreateDirectory(tree.File);
        Assert.Equal($"{tree.File}: This is a directory, not a file. Name the file in it: {tree.At("watch.json/watch.json")}.", tree.LoadWithOneError().ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task Error_names_the_file_when_it_cannot_be_read()
    {
        await Task.Yield();
        using var tree = new Tree(Json);
        using var held = new FileStream(tree.File, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var error = tree.LoadWithOneError();
        Assert.Equal((tree.File, "Make it readable for the user that runs watchreload."), (error.File, error.Remedy));
        Assert.StartsWith("The file cannot be read: ", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Byte_order_mark_is_passed_over_when_an_editor_wrote_one()
    {
        await Task.Yield();
        using var tree = new Tree();
        await File.WriteAllTextAsync(tree.File, Json, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true), TestContext.Current.CancellationToken);
        tree.LoadValid();
    }
}
