using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests;

public sealed class FrameworkTests : IAsyncDisposable
{
    private readonly Support.Building _building = new();

    [Fact(Timeout = 300_000)]
    public async Task Builds_a_service_and_references_that_list_their_frameworks()
    {
        var several = Projects.Library().Replace("<TargetFramework>net10.0</TargetFramework>", "<TargetFrameworks>net10.0</TargetFrameworks>", StringComparison.Ordinal);
        _building.Tree
            .Write("Lib/Lib.csproj", several)
            .Write("Lib/Lib.cs", "namespace Lib; public class Library;")
            .Write("App/App.csproj", several.Replace("</Project>", """<ItemGroup><ProjectReference Include="../Lib/Lib.csproj" /></ItemGroup></Project>""", StringComparison.Ordinal))
            .Write("App/App.cs", "public class App { public Lib.Library? Library; }");
        var outcome = await _building.Build("App/App.csproj");
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        Assert.Equal(["App.dll", "Lib.dll"], outcome.Outputs.Where(output => output.Kind == ReleaseFileKind.Hot).Select(output => output.Path));
        Assert.Contains(_building.Tree["Lib/Lib.cs"], outcome.Inputs.Files);
        Assert.Equal("10.0", outcome.Runtime);
    }

    public ValueTask DisposeAsync() => _building.DisposeAsync();
}
