using System.Diagnostics;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Processes;

/// <summary>The builder never outlives what started it.</summary>
public sealed class ParentTests : IDisposable
{
    private readonly Tree _tree = new();

    [Fact(Timeout = 300_000)]
    public async Task Ends_when_standard_input_is_closed()
    {
        using var builder = await Start();
        builder.StandardInput.Close();
        await builder.WaitForExitAsync();
        Assert.Equal(0, builder.ExitCode);
    }

    [Fact(Timeout = 300_000)]
    public async Task Ends_in_the_middle_of_a_build_when_standard_input_is_closed()
    {
        _tree.Write("App/App.csproj", Projects.Library().Replace("</Project>", Waiting.Target + "</Project>", StringComparison.Ordinal)).Write("App/App.cs", "public class App { }");
        using var builder = await Start();
        using var client = new PipeClient(new StateDirectory(_tree.State), "builder");
        var request = new BuildRequest
        {
            Project = _tree["App/App.csproj"],
            Configuration = "Release",
            ArtifactsPath = Path.Combine(_tree.State, "build"),
            Properties = new Dictionary<string, string> { ["WaitForEver"] = "true" },
        };
        await using var lines = await client.PostLines("/v1/build", request, ControlJson.Default.BuildRequest, ControlJson.Default.BuildEvent);
        await foreach (var line in lines)
        {
            if (line.Progress?.Activity == "Wait")
                break;
        }
        builder.StandardInput.Close();
        await builder.WaitForExitAsync();
    }

    public void Dispose() => _tree.Dispose();

    private async Task<Process> Start()
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "builder", "WatchReload.Builder.dll");
        var builder = Process.Start(new ProcessStartInfo("dotnet", [assembly, "--state", _tree.State, "--name", "builder"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        builder.BeginErrorReadLine(); // not looked at, but it must not fill up
        Assert.Equal("ready", await builder.StandardOutput.ReadLineAsync());
        return builder;
    }
}
