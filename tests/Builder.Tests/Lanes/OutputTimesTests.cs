using WatchReload.Builder.Lanes;
using WatchReload.Builder.Tests.Support;

namespace WatchReload.Builder.Tests.Lanes;

public sealed class OutputTimesTests : IDisposable
{
    private readonly Tree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task What_is_of_the_future_is_older_than_every_source_then_and_the_rest_stays_as_it_is()
    {
        await Task.CompletedTask;
        _tree.Write("obj/late.dll", "").Write("obj/early.dll", "");
        var early = DateTime.UtcNow.AddMinutes(-1);
        File.SetLastWriteTimeUtc(_tree["obj/late.dll"], DateTime.UtcNow.AddDays(1));
        File.SetLastWriteTimeUtc(_tree["obj/early.dll"], early);

        Assert.Null(OutputTimes.MakePast(_tree["obj"]));

        Assert.True(File.GetLastWriteTimeUtc(_tree["obj/late.dll"]) < early);
        Assert.Equal(early, File.GetLastWriteTimeUtc(_tree["obj/early.dll"]));
        Assert.Null(OutputTimes.MakePast(_tree["nowhere"]));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_cannot_be_made_old_is_named_with_the_cause()
    {
        _tree.Write("obj/late.dll", "");
        File.SetLastWriteTimeUtc(_tree["obj/late.dll"], DateTime.UtcNow.AddDays(1));
        await using var protectedFile = await ReadOnlyFile.Make(_tree["obj/late.dll"]);

        var problem = OutputTimes.MakePast(_tree["obj"])!;

        Assert.Equal(("WRB009", _tree["obj/late.dll"]), (problem.Code, problem.File));
        Assert.Contains("its time cannot be set: Read-only file system", problem.Message, StringComparison.Ordinal);
    }

    /// <summary>MSBuild would take it for the newest there is, and never compile again.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Build_fails_and_old_code_does_not_pass_for_new_when_what_was_built_is_of_the_future_and_stays_so()
    {
        await using var building = new Support.Building();
        building.Tree.Write("App/App.csproj", Projects.Library()).Write("App/App.cs", "public class App { }");
        Assert.True((await building.Build("App/App.csproj")).Succeeded);
        var compiled = Directory.EnumerateFiles(Path.Combine(building.Tree.State, "build", "obj"), "App.dll", SearchOption.AllDirectories).First(file => Path.GetFileName(Path.GetDirectoryName(file)) is not ("ref" or "refint"));
        File.SetLastWriteTimeUtc(compiled, DateTime.UtcNow.AddDays(1));
        await using var protectedFile = await ReadOnlyFile.Make(compiled);
        building.Tree.Write("App/More.cs", "public class More { }");

        var outcome = await building.Build("App/App.csproj");

        Assert.False(outcome.Succeeded);
        Assert.Equal(compiled, Assert.Single(outcome.Diagnostics, diagnostic => diagnostic.Code == "WRB009").File);
    }

    [Fact(Timeout = 300_000)]
    public async Task Build_fails_and_names_the_stamp_that_cannot_be_written()
    {
        await using var building = new Support.Building();
        building.Tree.Write("App/App.csproj", Projects.Library()).Write("App/App.cs", "public class App { }");
        Assert.True((await building.Build("App/App.csproj")).Succeeded);
        var stamp = Directory.EnumerateFiles(Path.Combine(building.Tree.State, "build", "obj"), "watchreload.inputs.txt", SearchOption.AllDirectories).Single();
        await using var protectedFile = await ReadOnlyFile.Make(stamp);
        building.Tree.Write("App/More.cs", "public class More { }");

        var outcome = await building.Build("App/App.csproj");

        Assert.False(outcome.Succeeded);
        Assert.Equal(stamp, Assert.Single(outcome.Diagnostics, diagnostic => diagnostic.Code == "WRB012").File);
    }
}
