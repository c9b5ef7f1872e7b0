using WatchReload.Builder.Evaluation;
using WatchReload.Builder.Tests.Support;

namespace WatchReload.Builder.Tests.Evaluation;

public sealed class ResponseFilesTests : IDisposable
{
    private readonly Tree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Give_properties_and_pass_over_how_it_is_told()
    {
        await Task.CompletedTask;
        _tree.Write("Directory.Build.rsp", """
            # a comment with -t:Clean in it
            -nologo /m:2 --verbosity:quiet -flp1:logfile=build.log
            -p:One=1;Two=a%3Bb /property:Three="3 4"
            -p:Here=%MSBuildThisFileDirectory%x
            ""
            """);
        var found = ResponseFiles.Of(_tree["src/deep/App.csproj"]);
        Assert.Null(found.Refused);
        Assert.Equal([_tree["Directory.Build.rsp"]], found.Paths);
        Assert.Equal([("Here", _tree["x"]), ("One", "1"), ("Three", "3 4"), ("Two", "a;b")], found.Properties.OrderBy(property => property.Key, StringComparer.Ordinal).Select(property => (property.Key, property.Value)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Are_the_nearest_above_and_the_one_beside_the_project()
    {
        await Task.CompletedTask;
        _tree.Write("Directory.Build.rsp", "-p:Top=1").Write("MSBuild.rsp", "-p:Other=1").Write("src/Directory.Build.rsp", "-p:Near=1").Write("src/App/MSBuild.rsp", "-p:Beside=1");
        var found = ResponseFiles.Of(_tree["src/App/App.csproj"]);
        Assert.Equal([_tree["src/Directory.Build.rsp"], _tree["src/App/MSBuild.rsp"]], found.Paths);
        Assert.Equal(["Beside", "Near"], found.Properties.Keys.Order(StringComparer.Ordinal));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("-t:Clean")]
    [InlineData("-warnaserror")]
    [InlineData("@more.rsp")]
    [InlineData("Other.csproj")]
    [InlineData("-p:Nothing")]
    public async Task Refuse_what_would_make_something_else_of_the_build(string word)
    {
        await Task.CompletedTask;
        _tree.Write("Directory.Build.rsp", $"-m\n{word}\n");
        Assert.Equal((_tree["Directory.Build.rsp"], word), ResponseFiles.Of(_tree["App.csproj"]).Refused);
    }
}
