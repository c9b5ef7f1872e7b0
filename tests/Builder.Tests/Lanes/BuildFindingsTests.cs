using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

public sealed class BuildFindingsTests : IAsyncDisposable
{
    private const string App = "App/App.csproj";
    private const string Touched = "touched";
    private const string Code = "Lib/Code.cs";
    private readonly Building _building = new();

    public ValueTask DisposeAsync() => _building.DisposeAsync();

    [Fact(Timeout = 300_000)]
    public async Task What_a_target_takes_up_is_an_input_unless_the_build_has_written_it()
    {
        _building.Tree
            .Write("global.json", "{}")
            .Write("Directory.Build.props", "<Project />")
            .Write("App/Program.cs", "System.Console.WriteLine();")
            .Write("more/found.txt", "found")
            .Write(Code, "class Code;")
            .Write("Lib/Lib.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""")
            .Write(App, """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
                  <ItemGroup><ProjectReference Include="../Lib/Lib.csproj" /></ItemGroup>
                  <Target Name="More" BeforeTargets="AssignTargetPaths">
                    <WriteLinesToFile File="../more/written.txt" Lines="$([System.DateTime]::UtcNow.Ticks)" Overwrite="true" />
                    <WriteLinesToFile File="../more/Written.cs" Lines="// $([System.DateTime]::UtcNow.Ticks)" Overwrite="true" />
                    <Touch Files="../more/found.txt" Condition="Exists('../touched')" />
                    <ItemGroup>
                      <Compile Include="../more/Written.cs" />
                      <Content Include="../more/found.txt" Link="found.txt" CopyToPublishDirectory="Always" />
                      <Content Include="../more/written.txt" Link="written.txt" CopyToPublishDirectory="Always" />
                    </ItemGroup>
                  </Target>
                </Project>
                """);
        File.SetLastWriteTimeUtc(_building.Tree["more/found.txt"], new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        foreach (var time in (string[])["first", "second", "after a failure", "saved meanwhile"])
        {
            if (time == "after a failure")
            {
                _building.Tree.Write(Code, "class"); // so that the other project's targets are not come to
                Assert.False((await Build(BuildLane.Build)).Succeeded);
                _building.Tree.Write(Code, "class Mended;");
            }

            if (time == "saved meanwhile")
                _building.Tree.Write(Touched, ""); // the build's own thread is the one that can say when
            var built = await Build(time == "first" ? BuildLane.Auto : BuildLane.Build);

            Assert.True(built.Succeeded, string.Join('\n', built.Diagnostics));
            Assert.Contains(built.Outputs, output => output.Path == "written.txt");
            Assert.Equal((time, true), (time, built.Inputs.Files.Contains(_building.Tree["more/found.txt"])));
            Assert.DoesNotContain(built.Inputs.Files, path => path == _building.Tree["more/written.txt"] || path == _building.Tree["more/Written.cs"]);
        }
    }

    private Task<BuildOutcome> Build(BuildLane lane) => _building.Host.Build(_building.Request(App, "Debug") with { Lane = lane }, TestContext.Current.CancellationToken);
}
