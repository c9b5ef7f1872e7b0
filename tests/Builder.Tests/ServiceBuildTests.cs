using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests;

/// <summary>One service with a project reference, content and WatchReload.Actors, built once.</summary>
public sealed class ServiceBuildTests(ServiceBuildTests.Fixture fixture) : IClassFixture<ServiceBuildTests.Fixture>
{
    private BuildOutcome Outcome => fixture.First;

    [Fact(Timeout = 180_000)]
    public async Task Builds_a_service_and_classifies_its_outputs()
    {
        await Task.CompletedTask;
        Assert.True(Outcome.Succeeded, string.Join('\n', Outcome.Diagnostics));
        Assert.Equal(
            [
                ("Lib.dll", ReleaseFileKind.Hot), ("Lib.pdb", ReleaseFileKind.Symbols), ("Service.dll", ReleaseFileKind.Hot), ("Service.pdb", ReleaseFileKind.Symbols),
                ("appsettings.json", ReleaseFileKind.Content), ("data/names.txt", ReleaseFileKind.Content),
            ],
            Outcome.Outputs.Select(output => (output.Path, output.Kind)));
        Assert.All(Outcome.Outputs, output => Assert.True(File.Exists(output.Source)));
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal Support.Building Building { get; } = new();
        internal BuildOutcome First { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Building.Tree
                .Write("Service/Service.csproj", Projects.Library(items: $"""
                    <ProjectReference Include="../Lib/Lib.csproj" />
                    <ProjectReference Include="{Projects.Actors}" />
                    <Content Include="appsettings.json" CopyToOutputDirectory="PreserveNewest" />
                    """))
                .Write("Service/appsettings.json", "{}")
                .Write("Service/Service.cs", "namespace Service; public class Service { public int Answer() => new Lib.Library().Answer(); }")
                .Write("Lib/Lib.csproj", Projects.Library(items: """<None Include="data/names.txt" CopyToOutputDirectory="PreserveNewest" />"""))
                .Write("Lib/data/names.txt", "Ada")
                .Write("Lib/Library.cs", "namespace Lib; public class Library { public int Answer() => 42; }");
            First = await Building.Build("Service/Service.csproj");
        }

        public ValueTask DisposeAsync() => Building.DisposeAsync();
    }
}
