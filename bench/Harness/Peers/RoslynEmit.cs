using System.Globalization;
using System.Text.Json;
using WatchReload.Bench.Processes;

namespace WatchReload.Bench.Peers;

/// <summary>
/// Roslyn alone, warm, in a process of its own: what no build of a changed shape can take less than. It has no connections, and so no live code;
/// its figure is the time of parse, generators and emit.
/// </summary>
internal sealed class RoslynEmit : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private RoslynEmit(ChildProcess process) => _process = process;

    /// <summary>Asks MSBuild once how it would call the compiler, and reads all that into memory.</summary>
    /// <exception cref="BenchException">The project cannot be restored or read.</exception>
    public static async Task<RoslynEmit> Start(Workplace workplace, string project)
    {
        var directory = Path.GetDirectoryName(project)!;
        await Run(workplace, directory, "restore", project);
        var told = await Run(workplace, directory, "msbuild", project, "-t:Compile", "-p:ProvideCommandLineArgs=true", "-p:SkipCompilerExecution=true", "-getItem:CscCommandLineArgs", "-getProperty:RoslynTargetsPath");
        using var json = JsonDocument.Parse(told);
        var arguments = json.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray().Select(a => a.GetProperty("Identity").GetString()!);
        var roslyn = json.RootElement.GetProperty("Properties").GetProperty("RoslynTargetsPath").GetString()!;
        var file = workplace.Beside("emit.arguments");
        await File.WriteAllLinesAsync(file, arguments);
        var process = ChildProcess.Start(workplace.Prepare("dotnet", directory, Repository.Emit, Path.Combine(roslyn, "bincore"), directory, file));
        try
        {
            var answer = await process.Line(l => !l.IsError, "that it is ready");
            return answer.Text == "ready" ? new(process) : throw process.Failed($"could not read the project: {answer.Text}");
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>What it takes to emit the project once these files were changed or added, in milliseconds.</summary>
    /// <exception cref="BenchException">It does not compile.</exception>
    public async Task<double> Emit(IEnumerable<string> files)
    {
        var from = _process.Position;
        await _process.Input.WriteLineAsync(string.Join('\t', files));
        await _process.Input.FlushAsync();
        var answer = (await _process.Line(l => !l.IsError, "what the emit took", from)).Text;
        return answer.Split(' ') is ["ms", var figure] ? double.Parse(figure, CultureInfo.InvariantCulture) : throw new BenchException($"{PeerNames.Emit}: {answer}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Input.Close();
        await _process.DisposeAsync();
    }

    private static async Task<string> Run(Workplace workplace, string directory, params IEnumerable<string> arguments)
    {
        await using var process = ChildProcess.Start(workplace.Prepare("dotnet", directory, arguments));
        if (await process.Exit() != 0) throw process.Failed("failed");
        return string.Join('\n', process.Lines.Where(l => !l.IsError).Select(l => l.Text));
    }
}
