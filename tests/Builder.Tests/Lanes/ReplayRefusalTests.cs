using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>What is not for the replay lane, and the reason that is told.</summary>
[Collection(nameof(ThreeProjects))]
public sealed class ReplayRefusalTests(ThreeProjects projects)
{
    [Fact(Timeout = 600_000)]
    public async Task Leaves_to_MSBuild_what_is_no_source_file()
    {
        (string File, string Was, string Becomes, BuildLane Lane)[] edits =
        [
            (".editorconfig", "# more", "dotnet_diagnostic.CS0219.severity = none", BuildLane.Build),
            ("Middle/Texts.resx", "Hello", "Goodbye", BuildLane.Build),
            ("App/appsettings.json", "1", "2", BuildLane.Build),
            (ThreeProjects.App, "<!-- more -->", "<ItemGroup><AssemblyMetadata Include=\"Build\" Value=\"2\" /></ItemGroup><!-- more -->", BuildLane.Build),
            (ThreeProjects.App, "<!-- more -->", "<ItemGroup><PackageDownload Include=\"Serilog\" Version=\"[3.1.1]\" /></ItemGroup>", BuildLane.Restore),
            ("Directory.Build.props", "<!-- more -->", "<PropertyGroup><Company>Another</Company></PropertyGroup>", BuildLane.Restore),
        ];
        await projects.Ready();
        var made = new List<IDisposable>();
        try
        {
            foreach (var (file, was, becomes, lane) in edits)
            {
                made.Add(projects.Edit(file, was, becomes)); // upon those before
                var outcome = await projects.Build();
                Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
                Assert.Equal((lane, $"{Path.GetFileName(file)} changed"), (outcome.Lane, outcome.LaneReason));
            }
        }
        finally
        {
            made.ForEach(edit => edit.Dispose());
        }
    }

    [Theory(Timeout = 300_000)]
    [InlineData("Bottom/Another.cs")]
    [InlineData("Bottom/parts/obj/Mesh.cs")]
    public async Task Leaves_to_MSBuild_a_tree_that_has_another_file(string file)
    {
        await projects.Ready();
        using var added = projects.Add(file, "namespace Bottom; public class Another;");
        using var edit = projects.Edit(ThreeProjects.Number, "=> 42", "=> new Another().GetHashCode()");
        var outcome = await projects.Build();
        Assert.Equal((BuildLane.Build, true), (outcome.Lane, outcome.Succeeded));
        Assert.StartsWith("files came or went", outcome.LaneReason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Leaves_to_MSBuild_a_source_that_is_not_UTF_8()
    {
        await projects.Ready();
        var path = projects.Tree[ThreeProjects.Number];
        var before = await File.ReadAllBytesAsync(path);
        try
        {
            await File.WriteAllBytesAsync(path, [.. before, .. "// "u8, 0xE9, (byte)'\n']);
            var outcome = await projects.Build();
            Assert.Equal((BuildLane.Build, true), (outcome.Lane, outcome.Succeeded));
            Assert.NotNull(outcome.LaneReason);
        }
        finally
        {
            await File.WriteAllBytesAsync(path, before);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Restores_when_a_target_of_the_project_changes_as_that_may_name_packages()
    {
        using var own = projects.Edit(ThreeProjects.App, "<!-- more -->", "<Target Name=\"Stamp\" BeforeTargets=\"CollectPackageReferences\" /><!-- more -->");
        await projects.Build();
        using var edit = projects.Edit(ThreeProjects.App, "<!-- more -->", "<ItemGroup><AssemblyMetadata Include=\"Build\" Value=\"3\" /></ItemGroup>");
        var outcome = await projects.Build();
        Assert.Equal((true, BuildLane.Restore, "App.csproj changed"), (outcome.Succeeded, outcome.Lane, outcome.LaneReason));
    }

    [Theory(Timeout = 300_000)]
    [InlineData("Words.vbproj", "Words.vb", "Public Class Words\nEnd Class\n")]
    [InlineData("Words.fsproj", "Words.fs", "module Words\nlet one = 1\n")]
    public async Task Stays_with_MSBuild_when_a_reference_is_written_in_another_language(string project, string file, string text)
    {
        await using var building = new Building();
        building.Tree
            .Write($"Words/{project}", $"<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>{(file.EndsWith(".fs", StringComparison.Ordinal) ? $"<ItemGroup><Compile Include=\"{file}\" /></ItemGroup>" : "")}</Project>")
            .Write($"Words/{file}", text)
            .Write("App/App.csproj", Projects.Library(items: $"<ProjectReference Include=\"../Words/{project}\" />"))
            .Write("App/One.cs", "namespace App; public class One { }");
        var first = await building.Build("App/App.csproj");
        Assert.True(first.Succeeded, string.Join('\n', first.Diagnostics));
        await building.Host.WarmUp(building.Request("App/App.csproj"), TestContext.Current.CancellationToken);

        building.Tree.Write("App/One.cs", "namespace App; public class One { public int Two => 2; }");

        var outcome = await building.Build("App/App.csproj");
        Assert.Equal((true, BuildLane.Build, $"{project} is not C#"), (outcome.Succeeded, outcome.Lane, outcome.LaneReason));
    }

    [Theory(Timeout = 300_000)]
    [InlineData("<Target Name=\"Stamp\" AfterTargets=\"Build\" />", "a target of its own (Stamp in App.csproj)")]
    [InlineData("<PropertyGroup><PreBuildEvent>cd .</PreBuildEvent></PropertyGroup>", "a command that runs with each build (PreBuildEvent)")]
    public async Task Stays_with_MSBuild_when_a_project_does_more_than_to_compile(string more, string told)
    {
        using var own = projects.Edit(ThreeProjects.App, "<!-- more -->", more);
        await projects.Build();
        using var edit = projects.Edit(ThreeProjects.Program, "hello", "hello hello");
        var outcome = await projects.Build();
        Assert.Equal((BuildLane.Build, $"App.csproj has {told}"), (outcome.Lane, outcome.LaneReason));
    }
}
