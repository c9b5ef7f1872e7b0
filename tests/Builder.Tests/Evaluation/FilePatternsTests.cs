using WatchReload.Builder.Evaluation;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Evaluation;

public sealed class FilePatternsTests : IDisposable
{
    private readonly Tree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("../Resources/**/*.json", "Resources", "*.json", true)]
    [InlineData("..\\Resources\\*.json", "Resources", "*.json", false)]
    [InlineData("../Resources/Part?.txt", "Resources", "Part?.txt", false)]
    [InlineData("a.txt;$(Shared)*.txt", "Shared", "*.txt", false)]
    [InlineData("$(All)", "Shared", "*.cs", true)]
    [InlineData("$(MSBuildThisFileDirectory)../build/*.cs", "build", "*.cs", false)]
    [InlineData("%2E%2E/x/%2A.cs", "x", "*.cs", false)]
    [InlineData("../x/&#42;.cs", "x", "*.cs", false)]
    [InlineData("Deep/**/*.cs", "App/Deep", "*.cs", true)]
    [InlineData("**/*.cs", "App", "*.cs", true)]
    [InlineData("bin/*.json", "App/bin", "*.json", false)]
    [InlineData("obj/made/*.cs", "App/obj/made", "*.cs", false)]
    [InlineData(".hidden/*.cs", "App/.hidden", "*.cs", false)]
    [InlineData("../x/**", "x", "*", true)]
    [InlineData("../x/*.*", "x", "*", false)]
    [InlineData("../*/x.cs", "", "x.cs", true)]
    [InlineData("$(Empty)deep/**/*.cs", "App/deep", "*.cs", true)]
    [InlineData("$(Empty)/usr/*.cs;$(Shared)/deep/**/*.cs", "Shared/deep", "*.cs", true)]
    public async Task Finds_where_patterns_look_beyond_what_is_listed_of_a_project(string include, string directory, string name, bool isDeep)
    {
        await Task.CompletedTask;
        var found = Assert.Single(In(include));
        Assert.Equal(new FilePattern(Path.TrimEndingDirectorySeparator(_tree[directory]), name, isDeep), found.Pattern);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("*.cs")]
    [InlineData("Data/*.json;../BannedSymbols.txt")]
    [InlineData("parts/obj/*.cs")]
    [InlineData("$(Version)")]
    [InlineData("$(Empty)/**/*.cs")]
    [InlineData("$(Empty)$(Empty)\\*.cs")]
    [InlineData("a.txt; $(Empty)/usr/**/*.cs;$(Empty)$(Empty)\\home\\**")]
    [InlineData("/**/*.cs")]
    [InlineData("@(Compile)")]
    public async Task Leaves_out_what_is_listed(string include)
    {
        await Task.CompletedTask;
        Assert.Empty(In(include));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("../*/../x/*.cs")]
    [InlineData("%(Other.Directory)*.cs")]
    public async Task Has_no_place_for_what_is_not_understood(string include)
    {
        await Task.CompletedTask;
        Assert.Null(Assert.Single(In(include)).Pattern);
    }

    [Fact(Timeout = 60_000)]
    public async Task Passes_over_comments_and_what_is_excluded()
    {
        await Task.CompletedTask;
        _tree.Write("App/App.csproj", "<Project><!-- <Compile Include='../x/*.cs' /> --><ItemGroup><Compile Include='A.cs' Exclude='../x/*.cs' /><Compile Remove='../y/*.cs' /></ItemGroup></Project>");
        Assert.Empty(FilePatterns.In(_tree["App/App.csproj"], _tree["App"], Expand));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("../x/out/**", "x/out")]
    [InlineData("../x/out\\**\\*;../x/*.cs;**/bin/**", "x/out")]
    [InlineData("$(Shared)node_modules/**/*.*", "Shared/node_modules")]
    [InlineData("$(MSBuildThisFileDirectory)../x/out/**", null)]
    [InlineData("../x/../x/out/**", "x/out")]
    [InlineData("./../x/out/**", null)]
    [InlineData("../x/out/**/*.json", null)]
    public async Task Leaves_out_directories_that_are_excluded_as_a_whole(string exclude, string? left)
    {
        await Task.CompletedTask;
        _tree.Write("App/App.csproj", $"<Project><ItemGroup><None Include='../**/*.json' Exclude='{exclude}' /></ItemGroup></Project>");

        var pattern = Assert.Single(FilePatterns.In(_tree["App/App.csproj"], _tree["App"], Expand)).Pattern!;

        Assert.Equal(left is null ? [] : [_tree[left]], pattern.Except);
        if (left is null)
            return;
        Assert.False(pattern.Takes(_tree[left + "/deep/x.json"]));
        Assert.False(pattern.Enters(_tree[left]));
        Assert.True(pattern.Takes(_tree[left + "er/x.json"]));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("../**/node_modules/**", "../**/*.json", true)]
    [InlineData("..\\**\\node_modules\\**\\*.*", "../x/**/*.json", true)]
    [InlineData("$(Shared)../**/node_modules/**", "../x/**/*.json", false)]
    [InlineData("**/node_modules/**/*", "deep/**", true)]
    [InlineData("**/node_modules/**", "../**/*.json", false)]
    [InlineData("../**/node_modules/**/*.json", "../**/*.json", false)]
    [InlineData("../**/node_*/**", "../**/*.json", false)]
    [InlineData("../**/node_modules/*", "../**/*.json", false)]
    public async Task Leaves_out_directories_that_are_excluded_by_name_wherever_they_lie(string exclude, string include, bool isLeft)
    {
        await Task.CompletedTask;
        _tree.Write("App/App.csproj", $"<Project><ItemGroup><None Include='{include}' Exclude='{exclude}' /></ItemGroup></Project>");

        var pattern = Assert.Single(FilePatterns.In(_tree["App/App.csproj"], _tree["App"], Expand)).Pattern!;

        var modules = Path.Combine(pattern.Directory, "part", "node_modules");
        Assert.Equal((!isLeft, !isLeft), (pattern.Enters(modules), pattern.Takes(Path.Combine(modules, "deep", "x.json"))));
        Assert.True(pattern.Takes(Path.Combine(pattern.Directory, "node_modules.json")));
        Assert.True(pattern.Enters(modules + "er"));
    }

    private List<NamedPattern> In(string include)
    {
        _tree.Write("App/App.csproj", $"<Project><ItemGroup><Compile Include='{include}' /></ItemGroup></Project>");
        return [.. FilePatterns.In(_tree["App/App.csproj"], _tree["App"], Expand)];
    }

    private static string Expand(string text) => Uri.UnescapeDataString(text.Replace("%(", "%25(", StringComparison.Ordinal)).Replace("$(Shared)", "../Shared/", StringComparison.Ordinal).Replace("$(Empty)", "", StringComparison.Ordinal).Replace("$(All)", "../Shared/**/*.cs", StringComparison.Ordinal).Replace("$(Version)", "1.0", StringComparison.Ordinal);
}
