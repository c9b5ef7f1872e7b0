using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Replay;

public sealed class TreeListingTests : IDisposable
{
    private readonly Tree _tree = new();
    private readonly BuildInputs _inputs;

    public TreeListingTests()
    {
        _tree.Write("src/Service.csproj", "<Project />").Write("src/A.cs", "class A;");
        _inputs = new BuildInputs { Projects = [_tree["src/Service.csproj"]] };
    }

    public void Dispose() => _tree.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("src/texts.resx")]
    [InlineData("src/deep/page.razor")]
    [InlineData("src/deep/obj/Mesh.cs")]
    [InlineData("src/.editorconfig")]
    [InlineData("Directory.Build.props")]
    public async Task Is_another_when_a_file_came_that_a_build_may_take(string path)
    {
        await Task.CompletedTask;
        var before = TreeListing.Of(_inputs).Hash;
        _tree.Write(path, "<x />");
        Assert.NotEqual(before, TreeListing.Of(_inputs).Hash);
        File.Delete(_tree[path]);
        Assert.Equal(before, TreeListing.Of(_inputs).Hash);
    }

    [Fact(Timeout = 60_000)]
    public async Task Is_the_same_over_contents_and_outputs()
    {
        await Task.CompletedTask;
        var before = TreeListing.Of(_inputs).Hash;
        _tree.Write("src/A.cs", "class Another;").Write("src/bin/Service.dll", "x").Write("src/obj/New.cs", "x").Write("src/.vs/state", "x").Write("beside/New.cs", "x");
        Assert.Equal(before, TreeListing.Of(_inputs).Hash);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("beside/New.cs", true)]
    [InlineData("beside/deep/.hidden/New.cs", true)]
    [InlineData("beside/New.txt", false)]
    [InlineData("flat/New.txt", true)]
    [InlineData("flat/deep/New.txt", false)]
    [InlineData("src/obj/New.cs", false)]
    [InlineData("src/made/obj/.hidden/New.cs", false)]
    [InlineData("src/data/.hidden/New.json", true)]
    [InlineData("src/data/.git/New.json", false)]
    public async Task Is_another_when_a_file_came_that_a_pattern_takes_elsewhere(string path, bool isTaken)
    {
        await Task.CompletedTask;
        var inputs = _inputs with { Patterns = [new(_tree["beside"], "*.cs", IsDeep: true), new(_tree["flat"], "*.txt", IsDeep: false), new(_tree["src/data"], "*.json", IsDeep: true)] };
        var before = TreeListing.Of(inputs).Hash;
        _tree.Write(path, "x");
        Assert.Equal(isTaken, TreeListing.Of(inputs).Hash != before);
    }

    /// <summary>As of the packages of a web client, which nobody edits: the tree of the project is listed once.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_pattern_within_a_project_adds_what_is_left_out_there_and_looks_through_nothing_again()
    {
        await Task.CompletedTask;
        Many("src/client/node_modules");
        _tree.Write("src/client/.env/a.js", "").Write("src/client/.cache/b.js", "");
        var inputs = _inputs with { Patterns = [new(_tree["src/client"], "*", IsDeep: true) { Except = [_tree["src/client/.cache"]] }] };
        var before = TreeListing.Of(inputs);
        Assert.Null(before.Doubt);

        _tree.Write("src/client/.cache/more.js", "");
        Assert.Equal(before.Hash, TreeListing.Of(inputs).Hash);
        _tree.Write("src/client/.env/more.js", "");
        Assert.NotEqual(before.Hash, TreeListing.Of(inputs).Hash);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_pattern_within_a_project_looks_through_nothing_again_though_links_were_followed()
    {
        await Task.CompletedTask;
        Many("src/client/node_modules");
        _tree.Write("src/client/.env/a.js", "").Write("beside/.env/b.js", "").Write("other/.env/c.js", "");
        Directory.CreateSymbolicLink(_tree["src/client/linked"], _tree["beside"]);
        Directory.CreateSymbolicLink(_tree["src/other"], _tree["other"]);
        var inputs = _inputs with { Patterns = [new(_tree["src/client"], "*", IsDeep: true)] };
        foreach (var (path, isTaken) in (ReadOnlySpan<(string, bool)>)[("src/client/.env/more.js", true), ("beside/.env/more.js", true), ("beside/more.js", true), ("other/.env/more.js", false)])
        {
            var before = TreeListing.Of(inputs);
            Assert.Null(before.Doubt);
            _tree.Write(path, "");
            Assert.Equal((path, isTaken), (path, TreeListing.Of(inputs).Hash != before.Hash));
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("linked/deep/.editorconfig")]
    [InlineData("linked/.globalconfig")]
    public async Task Is_another_when_a_configuration_file_came_beside_or_above_a_linked_source(string path)
    {
        await Task.CompletedTask;
        _tree.Write("linked/deep/L.cs", "class L;");
        var inputs = _inputs with { Files = [_tree["src/A.cs"], _tree["linked/deep/L.cs"]] };
        var before = TreeListing.Of(inputs).Hash;
        _tree.Write(path, "root = true");
        Assert.NotEqual(before, TreeListing.Of(inputs).Hash);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_project_in_the_directory_of_another_is_listed_once_and_without_its_outputs()
    {
        await Task.CompletedTask;
        _tree.Write("src/part/Part.csproj", "<Project />").Write("src/part/P.cs", "class P;");
        var inputs = _inputs with { Projects = [.. _inputs.Projects, _tree["src/part/Part.csproj"]] };
        var before = TreeListing.Of(inputs).Hash;
        Assert.Equal(before, TreeListing.Of(inputs with { Projects = [.. inputs.Projects.Reverse()] }).Hash);
        Assert.Equal(before, TreeListing.Of(_inputs).Hash); // nothing is in it twice
        _tree.Write("src/part/obj/New.cs", "x");
        Assert.Equal(before, TreeListing.Of(inputs).Hash);
        _tree.Write("src/part/New.cs", "x");
        Assert.NotEqual(before, TreeListing.Of(inputs).Hash);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("beside/B.cs")]
    [InlineData("beside/deep/B.cs")]
    [InlineData("beside/obj/B.cs")]
    public async Task Is_another_when_a_file_came_where_a_link_leads_and_else_the_same(string path)
    {
        await Task.CompletedTask;
        _tree.Write("beside/A.cs", "class Beside;");
        Directory.CreateSymbolicLink(_tree["src/linked"], _tree["beside"]);
        var before = TreeListing.Of(_inputs);
        Assert.Equal((before.Hash, null), (TreeListing.Of(_inputs).Hash, before.Doubt));
        _tree.Write(path, "class B;");
        Assert.NotEqual(before.Hash, TreeListing.Of(_inputs).Hash);
    }

    [Fact(Timeout = 60_000)]
    public async Task Is_another_when_a_link_leads_elsewhere()
    {
        await Task.CompletedTask;
        Directory.CreateDirectory(_tree["one"]);
        Directory.CreateDirectory(_tree["two"]);
        Directory.CreateSymbolicLink(_tree["src/linked"], _tree["one"]);
        var before = TreeListing.Of(_inputs).Hash;
        Directory.Delete(_tree["src/linked"]);
        Directory.CreateSymbolicLink(_tree["src/linked"], _tree["two"]);
        Assert.NotEqual(before, TreeListing.Of(_inputs).Hash);
    }

    [Fact(Timeout = 60_000)]
    public async Task Ends_where_links_lead_in_circles()
    {
        await Task.CompletedTask;
        _tree.Write("beside/A.cs", "class Beside;");
        Directory.CreateSymbolicLink(_tree["src/up"], _tree.Root);
        Directory.CreateSymbolicLink(_tree["beside/back"], _tree["src"]);
        Directory.CreateSymbolicLink(_tree["src/itself"], _tree["src/itself"]);
        Assert.Equal(TreeListing.Of(_inputs).Hash, TreeListing.Of(_inputs).Hash);
    }

    [Fact(Timeout = 60_000)]
    public async Task Leaves_out_outputs_that_lie_elsewhere()
    {
        await Task.CompletedTask;
        Directory.CreateSymbolicLink(_tree["src/obj"], _tree.State);
        var before = TreeListing.Of(_inputs).Hash;
        File.WriteAllText(Path.Combine(_tree.State, "New.cs"), "class New;");
        Assert.Equal(before, TreeListing.Of(_inputs).Hash);
    }

    [Fact(Timeout = 60_000)]
    public async Task Names_a_link_that_leads_to_more_than_can_be_listed_at_every_edit()
    {
        await Task.CompletedTask;
        for (var at = 0; at <= 20_000; at++)
            File.Create(Path.Combine(_tree.State, $"{at}")).Dispose();
        Directory.CreateSymbolicLink(_tree["src/linked"], _tree.State);
        Assert.Contains($"{_tree["src/linked"]} is a link", TreeListing.Of(_inputs).Doubt, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Tells_of_a_file_that_came_and_went()
    {
        await Task.CompletedTask;
        Directory.SetLastWriteTimeUtc(_tree["src"], DateTime.UnixEpoch);
        Assert.False(TreeListing.Of(_inputs).ChangedSince(DateTime.UnixEpoch.AddDays(1)));
        _tree.Write("src/B.cs", "class B;");
        File.Delete(_tree["src/B.cs"]);
        Assert.True(TreeListing.Of(_inputs).ChangedSince(DateTime.UnixEpoch.AddDays(1)));
    }

    /// <summary>More files than are listed of what lies elsewhere.</summary>
    private void Many(string directory)
    {
        for (var at = 0; at <= TreeListing.Many; at++)
        {
            if (at % 1000 == 0)
                Directory.CreateDirectory(_tree[$"{directory}/p{at / 1000}"]);
            File.Create(_tree[$"{directory}/p{at / 1000}/{at}.js"]).Dispose();
        }
    }
}
