using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests;

public sealed class PackageTests : IAsyncDisposable
{
    private readonly Support.Building _building = new();

    [Fact(Timeout = 300_000)]
    public async Task Restores_packages_and_leaves_out_what_the_frameworks_have()
    {
        _building.Tree
            .Write("App/App.csproj", Projects.Library(items: """
                <PackageReference Include="Serilog" Version="3.1.1" />
                <PackageReference Include="Microsoft.Extensions.FileSystemGlobbing" Version="10.0.12" />
                """))
            .Write("App/App.cs", "public class App { public Serilog.ILogger? Log; public Microsoft.Extensions.FileSystemGlobbing.Matcher? Matcher; }");
        var outcome = await _building.Build("App/App.csproj");
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        Assert.Equal(
            [("App.dll", ReleaseFileKind.Hot, null), ("App.pdb", ReleaseFileKind.Symbols, null), ("Serilog.dll", ReleaseFileKind.Package, "Serilog")],
            outcome.Outputs.Select(output => (output.Path, output.Kind, output.PackageId)));
        Assert.Null(outcome.ActorsVersion);
        Assert.DoesNotContain(outcome.Inputs.Imports, path => path.Contains("nuget.g", StringComparison.Ordinal));
    }

    [Fact(Timeout = 300_000)]
    public async Task Names_a_package_that_cannot_be_restored()
    {
        _building.Tree
            .Write("nuget.config", """<configuration><packageSources><clear /><add key="nowhere" value="packages" /></packageSources></configuration>""")
            .Write("packages/readme.txt", "no packages here")
            .Write("App/App.csproj", Projects.Library(items: """<PackageReference Include="Watch.Reload.No.Such.Package" Version="1.0.0" />"""))
            .Write("App/App.cs", "public class App;");
        var outcome = await _building.Build("App/App.csproj");
        Assert.False(outcome.Succeeded);
        Assert.Equal(BuildLane.Restore, outcome.Lane);
        var error = Assert.Single(outcome.Diagnostics);
        Assert.Equal(("NU1101", _building.Tree["App/App.csproj"]), (error.Code, error.File));
        Assert.Contains("Watch.Reload.No.Such.Package", error.Message, StringComparison.Ordinal);
        Assert.Contains(_building.Tree["nuget.config"], outcome.Inputs.Imports);
    }

    public ValueTask DisposeAsync() => _building.DisposeAsync();
}
