using WatchReload.Daemon.Configuration;

namespace WatchReload.Daemon.Tests.Configuration;

public sealed class InitializerTests
{
    private const string Package = "<Project><ItemGroup><PackageReference Include=\"WatchReload.Actors\" Version=\"1\" /></ItemGroup></Project>";

    [Fact(Timeout = 60_000)]
    public async Task File_names_the_service_when_one_project_references_actors()
    {
        await Task.Yield();
        using var tree = new Tree(); // whose own project references nothing
        tree.Write("src/Chat/Chat.csproj", Package);
        tree.Write("src/Chat.Tests/Chat.Tests.csproj", Package);
        tree.Write("src/Chat/bin/Copy.csproj", Package);
        tree.Write("broken/Broken.csproj", "<Project");
        var outcome = Initializer.Run(tree.Root);
        Assert.Equal((tree.File, null), (outcome.Written, outcome.Problem));
        Assert.Equal(tree.At("src/Chat/Chat.csproj"), tree.LoadValid().Project);
    }

    [Fact(Timeout = 60_000)]
    public async Task File_is_written_where_it_is_asked_for_and_names_the_project_from_there()
    {
        await Task.Yield();
        using var tree = new Tree();
        tree.Write("deploy/notes.txt", "");
        var outcome = Initializer.Run(tree.Root, path: "deploy/chat.json");
        Assert.Equal((tree.At("deploy/chat.json"), null), (outcome.Written, outcome.Problem));
        Assert.Contains("\"../Service.csproj\"", File.ReadAllText(tree.At("deploy/chat.json")), StringComparison.Ordinal);
        Assert.False(File.Exists(tree.File));
        Assert.Contains("does not exist", Initializer.Run(tree.Root, path: "nowhere/watch.json").Problem!.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Referencing_project_is_the_service_when_another_is_its_library()
    {
        await Task.Yield();
        using var tree = new Tree();
        tree.Write("contracts/Contracts.csproj", Package);
        tree.Write("chat/Chat.csproj", "<Project><ItemGroup><ProjectReference Include=\"..\\contracts\\Contracts.csproj\" /><ProjectReference Include=\"../a/WatchReload.Actors.csproj\" /></ItemGroup></Project>");
        Assert.Equal(["chat/Chat.csproj"], Initializer.Run(tree.Root).Candidates);
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_project_is_taken_when_none_references_actors()
    {
        await Task.Yield();
        using var tree = new Tree();
        Assert.NotNull(Initializer.Run(tree.Root).Written);
        Assert.Equal(tree.At("Service.csproj"), tree.LoadValid().Project);
    }

    [Fact(Timeout = 60_000)]
    public async Task Candidates_are_named_and_nothing_is_written_when_there_are_several()
    {
        await Task.Yield();
        using var tree = new Tree();
        tree.Write("a/A.csproj", Package);
        tree.Write("b/B.csproj", Package);
        var outcome = Initializer.Run(tree.Root);
        Assert.Equal(["a/A.csproj", "b/B.csproj"], outcome.Candidates);
        Assert.Equal(("2 projects reference WatchReload.Actors.", "Name the one that is the service: watchreload init a/A.csproj"), (outcome.Problem?.Message, outcome.Problem?.Remedy));
        Assert.False(File.Exists(tree.File));
        Assert.Equal(tree.File, Initializer.Run(tree.Root, "b/B.csproj").Written);
        Assert.Equal(tree.At("b/B.csproj"), tree.LoadValid().Project);
    }

    [Fact(Timeout = 60_000)]
    public async Task Existing_file_stays_when_init_runs_again()
    {
        await Task.Yield();
        using var tree = new Tree("mine");
        var outcome = Initializer.Run(tree.Root);
        Assert.Equal("There is a watch.json already; it stays as it is.", outcome.Problem?.Message);
        Assert.Equal("mine", await File.ReadAllTextAsync(tree.File, TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Problem_is_told_when_there_is_no_project()
    {
        await Task.Yield();
        using var tree = new Tree();
        Directory.CreateDirectory(tree.At("empty"));
        Assert.Equal("No project was found here or below.", Initializer.Run(tree.At("empty")).Problem?.Message);
        Assert.Contains("name the feed that has it in nuget.config", Initializer.Run(tree.At("empty")).Problem?.Remedy);
        Assert.Equal("There is no project x.csproj.", Initializer.Run(tree.Root, "x.csproj").Problem?.Message);
        Assert.Equal("The directory does not exist.", Initializer.Run(tree.At("gone")).Problem?.Message);
    }
}
