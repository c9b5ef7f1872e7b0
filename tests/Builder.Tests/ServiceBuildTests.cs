using System.Diagnostics;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests;

/// <summary>One service with a project reference, content and WatchReload.Actors. It is built once; each test leaves the tree as it was.</summary>
public sealed class ServiceBuildTests(ServiceBuildTests.Fixture fixture) : IClassFixture<ServiceBuildTests.Fixture>
{
    private const string Service = "Service/Service.csproj";
    private const string Source = "namespace Service; public class Service { public int Answer() => new Lib.Library().Answer(); }";
    private const string Library = "namespace Lib; public class Library { public int Answer() => 42; }";

    private BuildOutcome First => fixture.First;
    private Tree Tree => fixture.Building.Tree;

    [Fact(Timeout = 300_000)]
    public async Task Classifies_the_outputs_of_a_service()
    {
        await Task.CompletedTask;
        Assert.True(First.Succeeded, string.Join('\n', First.Diagnostics));
        Assert.Equal(
            [
                ("Lib.dll", ReleaseFileKind.Hot), ("Lib.pdb", ReleaseFileKind.Symbols), ("Service.dll", ReleaseFileKind.Hot), ("Service.pdb", ReleaseFileKind.Symbols),
                ("appsettings.json", ReleaseFileKind.Content), ("data/names.txt", ReleaseFileKind.Content),
            ],
            First.Outputs.Select(output => (output.Path, output.Kind)));
        Assert.All(First.Outputs, output => Assert.True(File.Exists(output.Source), output.Source));
    }

    [Fact(Timeout = 300_000)]
    public async Task Tells_what_a_manifest_needs_to_know()
    {
        await Task.CompletedTask;
        Assert.Equal("Service", First.EntryAssembly);
        Assert.Equal("10.0", First.Runtime);
        Assert.Equal(3, Version.Parse(First.ActorsVersion!).ToString().Split('.').Length);
        Assert.StartsWith("10.", First.Sdk, StringComparison.Ordinal);
        Assert.True(File.Exists(First.Log));
    }

    [Fact(Timeout = 300_000)]
    public async Task Names_the_inputs_of_the_service_and_of_its_references()
    {
        await Task.CompletedTask;
        Assert.Equal([Tree["Lib/Lib.csproj"], Tree[Service]], First.Inputs.Projects.Where(InTree));
        Assert.Contains(Projects.Actors, First.Inputs.Projects);
        Assert.Equal([Tree["Lib/Library.cs"], Tree["Lib/data/names.txt"], Tree["Service/Service.cs"], Tree["Service/appsettings.json"]], First.Inputs.Files.Where(InTree));
        Assert.Equal([Tree[".editorconfig"], Tree["Directory.Build.props"], Tree["global.json"]], First.Inputs.Imports.Where(InTree));
        Assert.DoesNotContain(First.Inputs.Files.Concat(First.Inputs.Imports), path => path.StartsWith(Tree.State, StringComparison.Ordinal) || path.Contains(".nuget/packages", StringComparison.Ordinal));
    }

    [Fact(Timeout = 300_000)]
    public async Task Restores_first_and_then_builds()
    {
        Assert.Equal(BuildLane.Restore, First.Lane);
        Assert.NotNull(First.LaneReason);
        var again = await Build();
        Assert.True(again.Succeeded);
        Assert.Equal(BuildLane.Build, again.Lane);
        Assert.Equal(First.Outputs, again.Outputs);
    }

    [Fact(Timeout = 300_000)]
    public async Task Leaves_nothing_in_the_tree()
    {
        await Build();
        Assert.Equal(fixture.Before, Tree.Entries());
    }

    [Fact(Timeout = 300_000)]
    public async Task Gives_errors_their_place_when_the_source_is_broken_and_builds_the_mended_one()
    {
        using var edit = Edit("Service/Service.cs", "namespace Service;\npublic class Service { public int Answer() => nothing; }");
        var broken = await Build();
        Assert.False(broken.Succeeded);
        var error = Assert.Single(broken.Diagnostics);
        Assert.Equal((DiagnosticSeverity.Error, "CS0103", Tree["Service/Service.cs"], 2, 47, Tree[Service]), (error.Severity, error.Code, error.File, error.Line, error.Column, error.Project));
        Assert.Contains("nothing", error.Message, StringComparison.Ordinal);
        Assert.Contains("CS0103", await File.ReadAllTextAsync(broken.Log!), StringComparison.Ordinal);
        Assert.NotEmpty(broken.Inputs.Files);

        edit.Dispose();
        Assert.True((await Build()).Succeeded);
    }

    [Fact(Timeout = 300_000)]
    public async Task Reports_warnings_and_succeeds()
    {
        using var edit = Edit("Service/Service.cs", Source.Replace("public int", "public string? Name() { int unused = 1; return null; } public int", StringComparison.Ordinal));
        var outcome = await Build();
        Assert.True(outcome.Succeeded);
        var warning = Assert.Single(outcome.Diagnostics);
        Assert.Equal((DiagnosticSeverity.Warning, "CS0219"), (warning.Severity, warning.Code));
    }

    [Fact(Timeout = 300_000)]
    public async Task Rebuilds_a_changed_reference_and_leaves_the_service_assembly_as_it_is()
    {
        var before = Bytes(await Build());
        using var edit = Edit("Lib/Library.cs", Library.Replace("42", "43", StringComparison.Ordinal));
        var after = Bytes(await Build());
        Assert.NotEqual(before["Lib.dll"], after["Lib.dll"]);
        Assert.Equal(before["Service.dll"], after["Service.dll"]);
    }

    [Fact(Timeout = 300_000)]
    public async Task Keeps_unchanged_assemblies_byte_for_byte_when_something_was_committed()
    {
        var before = Bytes(await Build());
        Git("init", "-q");
        Git("add", "-A");
        Git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "one");
        using var repository = new Removal(Tree[".git"]);
        using var edit = Edit("Lib/Library.cs", Library.Replace("42", "44", StringComparison.Ordinal));
        Git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-a", "-m", "two");
        var after = Bytes(await Build());
        Assert.Equal(before["Service.dll"], after["Service.dll"]);
        Assert.NotEqual(before["Lib.dll"], after["Lib.dll"]);
    }

    [Fact(Timeout = 300_000)]
    public async Task Sees_added_and_removed_files()
    {
        using var added = new Removal(Tree["Service/More.cs"]);
        using (Edit("Service/Service.cs", Source.Replace("new Lib.Library()", "new More()", StringComparison.Ordinal)))
        {
            Tree.Write("Service/More.cs", "namespace Service; internal sealed class More { public int Answer() => 1; }");
            var with = await Build();
            Assert.True(with.Succeeded, string.Join('\n', with.Diagnostics));
            Assert.Contains(Tree["Service/More.cs"], with.Inputs.Files);
            added.Dispose();
            Assert.Equal("CS0246", Assert.Single((await Build()).Diagnostics).Code);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Does_not_compile_what_an_IDE_left_in_bin_and_obj()
    {
        using var bin = new Removal(Tree["Service/bin"]);
        using var obj = new Removal(Tree["Service/obj"]);
        Tree.Write("Service/obj/Debug/Generated.cs", "not C#").Write("Service/bin/Debug/Copied.cs", "not C#");
        var outcome = await Build();
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
    }

    [Fact(Timeout = 300_000)]
    public async Task Restores_and_names_the_file_when_an_import_changed()
    {
        using var edit = Edit("Directory.Build.props", "<Project><PropertyGroup><Company>Two</Company></PropertyGroup></Project>");
        var outcome = await Build();
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        Assert.Equal((BuildLane.Restore, "Directory.Build.props changed"), (outcome.Lane, outcome.LaneReason));
    }

    [Fact(Timeout = 300_000)]
    public async Task Restores_once_for_each_configuration_when_they_take_turns()
    {
        Task<BuildOutcome> Build(string configuration) => fixture.Building.Host.Build(fixture.Building.Request(Service, configuration), CancellationToken.None);

        Assert.True((await Build("Release")).Succeeded); // of the tree as it is after other tests' edits
        Assert.Equal((true, BuildLane.Restore), await Lane(Build("Debug")));
        Assert.Equal((true, BuildLane.Build), await Lane(Build("Release")));
        Assert.Equal((true, BuildLane.Build), await Lane(Build("Debug")));

        static async Task<(bool, BuildLane)> Lane(Task<BuildOutcome> build) => ((await build).Succeeded, (await build).Lane);
    }

    [Fact(Timeout = 300_000)]
    public async Task Names_a_project_that_is_not_there()
    {
        var outcome = await fixture.Building.Build("Nowhere/Nowhere.csproj");
        Assert.False(outcome.Succeeded);
        Assert.Contains(Tree["Nowhere/Nowhere.csproj"], Assert.Single(outcome.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Gives_the_place_in_a_project_file_that_is_no_XML()
    {
        using var edit = Edit("Lib/Lib.csproj", "<Project>\n  <PropertyGroup>\n</Project>");
        var broken = await Build();
        var error = Assert.Single(broken.Diagnostics);
        Assert.Contains(Tree["Lib/Library.cs"], broken.Inputs.Files); // those of the last evaluation
        Assert.Equal(("MSB4025", Tree["Lib/Lib.csproj"], 3), (error.Code, error.File, error.Line));
        edit.Dispose();
        Assert.True((await Build()).Succeeded);
    }

    [Fact(Timeout = 300_000)]
    public async Task Stops_when_cancelled_and_builds_again()
    {
        using var cancel = new CancellationTokenSource();
        var reached = new Reached("Wait");
        var request = fixture.Building.Request(Service) with { Lane = BuildLane.Build, Properties = new Dictionary<string, string> { ["WaitForEver"] = "true" } };
        var build = fixture.Building.Host.Build(request, reached.Look, cancel.Token);
        await reached.Task;
        var builder = fixture.Building.Host.ProcessId;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);
        Assert.True((await Build()).Succeeded);
        Assert.Equal(builder, fixture.Building.Host.ProcessId);
    }

    private Task<BuildOutcome> Build() => fixture.Building.Build(Service);

    private bool InTree(string path) => path.StartsWith(Tree.Root, StringComparison.Ordinal);

    private static Dictionary<string, string> Bytes(BuildOutcome outcome) => outcome.Succeeded
        ? outcome.Outputs.ToDictionary(output => output.Path, output => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(output.Source))))
        : throw new InvalidOperationException(string.Join('\n', outcome.Diagnostics));

    private Edited Edit(string path, string text) => new(Tree, path, text);

    private void Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", Tree.Root, .. arguments]))!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }

    /// <summary>A file's text until it is disposed.</summary>
    private sealed class Edited : IDisposable
    {
        private readonly string _path;
        private readonly string _before;

        public Edited(Tree tree, string path, string text)
        {
            (_path, _before) = (tree[path], File.ReadAllText(tree[path]));
            tree.Write(path, text);
        }

        public void Dispose() => File.WriteAllText(_path, _before);
    }

    private sealed class Removal(string path) : IDisposable
    {
        public void Dispose()
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
        }
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal Support.Building Building { get; } = new(settings => settings with { StopTimeout = TimeSpan.FromMinutes(1) }); // busy machines are slow to cancel
        internal BuildOutcome First { get; private set; } = null!;
        internal IReadOnlyList<string> Before { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            Building.Tree
                .Write("global.json", """{ "sdk": { "version": "10.0.100", "rollForward": "latestFeature" } }""")
                .Write("Directory.Build.props", "<Project><PropertyGroup><Company>One</Company></PropertyGroup></Project>")
                .Write(".editorconfig", "root = true\n")
                .Write(Service, Projects.Library(items: $"""
                    <ProjectReference Include="../Lib/Lib.csproj" />
                    <ProjectReference Include="{Projects.Actors}" />
                    <Content Include="appsettings.json" CopyToOutputDirectory="PreserveNewest" />
                    """).Replace("</Project>", Waiting.Target + "</Project>", StringComparison.Ordinal))
                .Write("Service/appsettings.json", "{}")
                .Write("Service/Service.cs", Source)
                .Write("Lib/Lib.csproj", Projects.Library(items: """<None Include="data/names.txt" CopyToOutputDirectory="PreserveNewest" />"""))
                .Write("Lib/data/names.txt", "Ada")
                .Write("Lib/Library.cs", Library);
            Before = Building.Tree.Entries();
            First = await Building.Build(Service);
        }

        public ValueTask DisposeAsync() => Building.DisposeAsync();
    }
}
