using System.Security.Cryptography;
using WatchReload.Builder.Diagnostics;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>An input of every kind is edited, the lane is the builder's choice of all there are, and all that it gives is compared with what a clean <c>dotnet build</c> makes of the tree.</summary>
public sealed class EveryInputTests : IAsyncDisposable
{
    private const string Source = "source";
    private const string Warnings = "warnings of Signed";

    /// <param name="Name">Of the input.</param>
    /// <param name="Makes">What it is made into: the path of an output, or warnings.</param>
    /// <param name="Edit">Changes it.</param>
    private sealed record Kind(string Name, string Makes, Action<Tree> Edit);

    /// <summary>What is compared at once: edits that are made into different things, none of which changes what one before is made into. So what is wrong tells by which it is.</summary>
    private static readonly Kind[][] _rounds =
    [
        [
            Text("resource", "Texts.dll", "Texts/Texts.resx", "one", "two"),
            new("key", "Signed.dll", EveryInput.Key),
            new("key that an attribute names", "Keyed.dll", tree => EveryInput.Key(tree, "keys/attribute.snk")),
            new("referenced assembly", "Base.dll", tree => EveryInput.Outer(tree, 2)),
            new("assembly that comes with a referenced one", "Beside.dll", tree => EveryInput.Beside(tree, 2)),
            Text(".editorconfig", Warnings, ".editorconfig", "none", "warning"),
            Text("additional file", "Pages.dll", "Pages/Page.razor", "one", "two"),
            Text("manifest", "App.dll", "App/app.manifest", "one", "two"),
            Text("content", "appsettings.json", "App/appsettings.json", "1", "2"),
            Text("copied file", "names.txt", "App/names.txt", "one", "two"),
            Text("application configuration", "App.dll.config", "App/App.config", "one", "two"),
        ],
        [
            Text("Directory.Build.props", "Pages.dll", "Directory.Build.props", "<Company>One", "<Company>Two"),
            Text("Directory.Build.targets", "Base.dll", "Directory.Build.targets", "One", "Two"),
            Text("linked file of a resource", "Texts.dll", "Texts/parts/linked.txt", "one", "two"),
            Text(".globalconfig", Warnings, ".globalconfig", "none", "warning"),
            Text("project", "User.dll", "User/User.csproj", "Value=\"one\"", "Value=\"two\""),
            new("icon", "App.dll", tree => EveryInput.Icon(tree, 2)),
        ],
        [
            new("response file", "Signed.dll", tree => tree.Write("App/Directory.Build.rsp", "-p:Copyright=Somebody")),
            Text("embedded file", "Texts.dll", "Texts/plain.txt", "one", "two"),
            Text(Source, "Base.dll", "Base/Base.cs", "= 1", "= 2"),
            Text("source link", "Keyed.pdb", "links.json", "one", "two"),
            Text("package version", "User.dll", "Directory.Packages.props", "2.10.0", "3.1.1"),
            Text(Source, "App.dll", "App/Program.cs", "(1)", "(2)"),
        ],
        [
            Text("resource of lines", "Texts.dll", "Texts/Lines.restext", "one", "two"),
            new("settings of one user", "Keyed.dll", tree => tree.Write("Keyed/Keyed.csproj.user", "<Project><PropertyGroup><Product>Mine</Product></PropertyGroup></Project>")),
            new("import from outside of the tree", "Pages.dll", tree => EveryInput.Outside(tree, "two")),
            new("source that comes", "Base.dll", tree => tree.Write("Base/More.cs", "namespace Base; public class More { }")),
            Text("package reference", "User.dll", "User/User.csproj", "Include=\"Serilog\"", "Include=\"Serilog\" VersionOverride=\"2.10.0\""),
            new("resource that comes", "Signed.dll", tree => tree.Write("Signed/Signed.resx", EveryInput.Resx(""))),
        ],
        [
            new("source that goes", "Base.dll", tree => File.Delete(tree["Base/More.cs"])),
            new("settings of one user that go", "Keyed.dll", tree => File.Delete(tree["Keyed/Keyed.csproj.user"])),
            new("page that goes", "Pages.dll", tree => File.Delete(tree["Pages/Page.razor"])),
        ],
    ];

    /// <summary>It builds, and takes apart, more than in a day's work.</summary>
    private readonly Building _building = new(settings => settings with { MemoryLimit = 4L << 30 });

    public ValueTask DisposeAsync() => _building.DisposeAsync();

    [Fact(Timeout = 1_200_000)]
    public async Task Builds_of_each_edited_input_what_a_clean_build_makes_of_it()
    {
        EveryInput.Write(_building.Tree);
        var request = _building.Request(EveryInput.App, "Debug") with { Root = _building.Tree.Root, Deltas = true };
        var built = await Built(request);
        var before = Made(built);
        var wrong = new List<string>();
        foreach (var round in _rounds)
        {
            var after = new Dictionary<Kind, string?>();
            foreach (var kind in round)
            {
                await _building.Host.WarmUp(request, TestContext.Current.CancellationToken);
                kind.Edit(_building.Tree);
                var outcome = await Built(request with { Loaded = LoadedImages.From(built), BuildId = built.BuildId });
                var isSource = kind.Name == Source;
                Assert.True(!isSource || outcome.Lane is BuildLane.Delta or BuildLane.Replay, outcome.LaneReason); // else nothing here would tell of a wrong choice
                if (!isSource && outcome.Lane == BuildLane.Delta)
                    wrong.Add($"{kind.Name}: by delta");
                built = outcome.Lane == BuildLane.Delta ? await Built(request with { BuildId = built.BuildId }) : outcome;
                var made = Made(built);
                after[kind] = made.GetValueOrDefault(kind.Makes);
                if (after[kind] == before.GetValueOrDefault(kind.Makes))
                    wrong.Add($"{kind.Name}: {kind.Makes} is as it was before ({outcome.Lane}, {outcome.LaneReason})");
                before = made;
            }

            var clean = await CleanBuild.Run(request);
            Assert.True(clean.ExitCode == 0, clean.Output);
            var cleanly = Made(clean);
            wrong.AddRange(round.Where(kind => cleanly.GetValueOrDefault(kind.Makes) != after[kind]).Select(kind => $"{kind.Name}: another {kind.Makes} than dotnet build makes"));
            var names = string.Join(", ", round.Select(kind => kind.Name));
            before.Remove(Warnings); // of what was compiled by the last build alone
            wrong.AddRange(before.Where(made => cleanly.GetValueOrDefault(made.Key) != made.Value).Select(made => $"another {made.Key} than dotnet build makes, after {names}"));
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact(Timeout = 600_000)]
    public async Task Builds_in_the_commit_that_is_checked_out_when_nothing_but_that_is_another()
    {
        var tree = _building.Tree
            .Write("Versioned/Versioned.csproj", Projects.Library("<EnableSourceControlManagerQueries>true</EnableSourceControlManagerQueries>"))
            .Write("Versioned/Versioned.cs", "namespace Versioned; public class Versioned { }");
        await Git("init", "-q");
        await Commit();
        var request = _building.Request("Versioned/Versioned.csproj");
        var first = await Built(request);
        Assert.Equal([tree.Root], first.Inputs.Heads);
        var before = Made(first);
        await _building.Host.WarmUp(request, TestContext.Current.CancellationToken);

        await Commit();

        var second = await Built(request);
        Assert.Equal((BuildLane.Build, "Versioned.csproj has the commit built in (EnableSourceControlManagerQueries)"), (second.Lane, second.LaneReason));
        Assert.NotEqual(before["Versioned.dll"], Made(second)["Versioned.dll"]);
        var clean = await CleanBuild.Run(request);
        Assert.True(clean.ExitCode == 0, clean.Output);
        Assert.Equal(Made(clean)["Versioned.dll"], Made(second)["Versioned.dll"]);

        Task Commit() => Git("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false", "commit", "-q", "--allow-empty", "-m", "Nothing");

        async Task Git(params string[] arguments)
        {
            var outcome = await new Daemon.Git.GitCommand(TimeProvider.System).Run(tree.Root, TestContext.Current.CancellationToken, arguments);
            Assert.True(outcome.Ok, outcome.Error);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Builds_anew_when_a_rule_set_that_a_rule_set_includes_is_another()
    {
        static string Rules(string rest) => $"<RuleSet Name=\"Rules\" ToolsVersion=\"17.0\">{rest}</RuleSet>";
        _building.Tree
            .Write("Ruled/Ruled.csproj", Projects.Library("<CodeAnalysisRuleSet>../rules/outer.ruleset</CodeAnalysisRuleSet>"))
            .Write("Ruled/Ruled.cs", "namespace Ruled; public class Ruled { public void One() { var assigned = 1; } }")
            .Write("rules/outer.ruleset", Rules("<Include Path=\"inner.ruleset\" Action=\"Default\" />"))
            .Write("rules/inner.ruleset", Rules("<Rules AnalyzerId=\"C#\" RuleNamespace=\"C#\"><Rule Id=\"CS0219\" Action=\"None\" /></Rules>"));
        var request = _building.Request("Ruled/Ruled.csproj");
        var first = await Built(request);
        Assert.Contains(_building.Tree["rules/inner.ruleset"], (await Built(request)).Inputs.Files); // the first build may have begun just after it was written
        Assert.DoesNotContain(first.Diagnostics, found => found.Code == "CS0219");

        EveryInput.Replace(_building.Tree, "rules/inner.ruleset", "None", "Warning");

        Assert.Contains((await Built(request)).Diagnostics, found => found.Code == "CS0219");
    }

    /// <summary>Documentation is no part of a release; but what is wrong with it can fail a build.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Leaves_to_MSBuild_what_a_comment_includes()
    {
        _building.Tree
            .Write("Told/Told.csproj", Projects.Library("<GenerateDocumentationFile>true</GenerateDocumentationFile><WarningsAsErrors>CS1589</WarningsAsErrors>"))
            .Write("Told/Told.cs", "namespace Told;\n/// <include file='told.xml' path='all/one/*' />\npublic class Told { }")
            .Write("Told/told.xml", "<all><one><summary>One.</summary></one></all>");
        var request = _building.Request("Told/Told.csproj");
        await Built(request);
        await _building.Host.WarmUp(request, TestContext.Current.CancellationToken);

        EveryInput.Replace(_building.Tree, "Told/told.xml", "One.", "Two.");
        var edited = await Built(request);
        File.Delete(_building.Tree["Told/told.xml"]);
        var without = await _building.Host.Build(request, TestContext.Current.CancellationToken);

        Assert.Equal((BuildLane.Build, "told.xml changed"), (edited.Lane, edited.LaneReason));
        Assert.Equal((false, "CS1589"), (without.Succeeded, Assert.Single(without.Diagnostics).Code));
    }

    /// <summary>What says where packages come from, and which.</summary>
    [Fact(Timeout = 600_000)]
    public async Task Restores_when_the_configuration_of_packages_or_what_they_are_locked_to_is_another()
    {
        var tree = _building.Tree
            .Write("nuget.config", "<configuration>\n</configuration>")
            .Write("Locked/Locked.csproj", Projects.Library("<RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>", "<PackageReference Include=\"Serilog\" Version=\"[2.10.0, 4)\" />"))
            .Write("Locked/Locked.cs", "namespace Locked; public class Locked { public Serilog.ILogger? Log; }");
        var request = _building.Request("Locked/Locked.csproj");
        await Built(request); // which makes the lock file
        Assert.Contains(tree["Locked/packages.lock.json"], (await Built(request)).Inputs.Imports);

        tree.Write("nuget.config", "<configuration>\n<!-- of this tree -->\n</configuration>");
        Assert.Equal((BuildLane.Restore, "nuget.config changed"), Lane(await Built(request)));

        tree.Write("Locked/packages.lock.json", await File.ReadAllTextAsync(tree["Locked/packages.lock.json"], TestContext.Current.CancellationToken) + "\n");
        Assert.Equal((BuildLane.Restore, "packages.lock.json changed"), Lane(await Built(request)));
        Assert.NotEqual(BuildLane.Restore, (await Built(request)).Lane);

        static (BuildLane, string?) Lane(BuildOutcome outcome) => (outcome.Lane, outcome.LaneReason);
    }

    /// <summary>Until MSBuild has built nobody looks at it.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Leaves_a_source_to_MSBuild_that_names_a_file_for_the_first_time()
    {
        _building.Tree.Write("Keyed/Keyed.csproj", Projects.Library()).Write("Keyed/Keyed.cs", "namespace Keyed; public class Keyed { }");
        EveryInput.Key(_building.Tree, "Keyed/key.snk");
        File.SetLastWriteTimeUtc(_building.Tree["Keyed/key.snk"], DateTime.UtcNow.AddHours(-1));
        var request = _building.Request("Keyed/Keyed.csproj");
        await Built(request);
        await _building.Host.WarmUp(request, TestContext.Current.CancellationToken);

        _building.Tree.Write("Keyed/Keyed.cs", "[assembly: System.Reflection.AssemblyKeyFile(\"key.snk\")]\nnamespace Keyed; public class Keyed { }");

        var outcome = await Built(request);
        Assert.Equal((BuildLane.Build, "a source names key.snk, which is not known as an input"), (outcome.Lane, outcome.LaneReason));
        Assert.Contains(_building.Tree["Keyed/key.snk"], outcome.Inputs.Files);
        var made = Made(outcome);

        EveryInput.Key(_building.Tree, "Keyed/key.snk");

        Assert.NotEqual(made["Keyed.dll"], Made(await Built(request))["Keyed.dll"]);
    }

    [Fact(Timeout = 300_000)]
    public async Task Names_a_switch_of_a_response_file_that_would_make_another_build_of_it()
    {
        _building.Tree.Write("Directory.Build.rsp", "-nologo -t:Clean").Write("One/One.csproj", Projects.Library());

        var outcome = await _building.Build("One/One.csproj");

        var error = Assert.Single(outcome.Diagnostics);
        Assert.Equal((false, "WRB011", _building.Tree["Directory.Build.rsp"]), (outcome.Succeeded, error.Code, error.File));
        Assert.Contains("-t:Clean", error.Message, StringComparison.Ordinal);
        Assert.Contains(error.File, outcome.Inputs.Imports); // so that its mending is noticed
    }

    private async Task<BuildOutcome> Built(BuildRequest request)
    {
        var outcome = await _building.Host.Build(request, TestContext.Current.CancellationToken);
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        return outcome;
    }

    private Dictionary<string, string> Made(BuildOutcome outcome) => new(outcome.Outputs.ToDictionary(output => output.Path, output => Hash(File.ReadAllBytes(output.Source)), StringComparer.Ordinal))
    {
        [Warnings] = Told(outcome.Diagnostics),
    };

    private Dictionary<string, string> Made(CleanBuild build) => new(build.Files.ToDictionary(file => file.Key, file => Hash(file.Value), StringComparer.Ordinal))
    {
        [Warnings] = Told(build.Output.Split('\n').Select(CanonicalLine.Parse).OfType<BuildDiagnostic>()),
    };

    private string Told(IEnumerable<BuildDiagnostic> diagnostics) =>
        string.Join(' ', diagnostics.Where(found => found.File?.StartsWith(_building.Tree["Signed"], StringComparison.Ordinal) is true).Select(found => found.Code).Distinct().Order(StringComparer.Ordinal));

    private static Kind Text(string name, string makes, string file, string was, string becomes) => new(name, makes, tree => EveryInput.Replace(tree, file, was, becomes));

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
