using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace WatchReload.Bench.Tests.Peers;

/// <summary>A chat node of the Erlang recipe in a directory of its own.</summary>
internal sealed class ErlangRecipe : IAsyncDisposable
{
    private static readonly string Script = Path.Combine(
        typeof(ErlangRecipe).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Bench").Value!, "peers", "erlang", "recipe.sh");

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("watchreload-erlang-");

    private ErlangRecipe(int port) => Endpoint = new IPEndPoint(IPAddress.Loopback, port);

    public IPEndPoint Endpoint { get; }

    /// <summary>Whether this machine has what the recipe needs.</summary>
    public static bool IsInstalled => !OperatingSystem.IsWindows()
        && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(place => File.Exists(Path.Combine(place, "erlc")));

    public static async Task<ErlangRecipe> Start()
    {
        var recipe = new ErlangRecipe(FreePort());
        try
        {
            Assert.Equal("ready", await Run("start", recipe.Endpoint.Port.ToString(CultureInfo.InvariantCulture), recipe._directory.FullName));
            return recipe;
        }
        catch
        {
            await recipe.DisposeAsync();
            throw;
        }
    }

    public async Task Edit(string version) => Assert.Equal("reloaded", await Run("edit", _directory.FullName, version));

    public async ValueTask DisposeAsync()
    {
        await Run("stop", _directory.FullName);
        _directory.Delete(recursive: true);
    }

    private static async Task<string> Run(params string[] arguments)
    {
        using var script = Process.Start(new ProcessStartInfo("bash", [Script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (script.StandardOutput.ReadToEndAsync(), script.StandardError.ReadToEndAsync());
        await script.WaitForExitAsync();
        Assert.True(script.ExitCode == 0, $"recipe.sh {string.Join(' ', arguments)} ended with {script.ExitCode}: {await errors}");
        return (await output).Trim();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
