using WatchReload.Bench.Load;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Peers;

/// <summary><c>dotnet build</c> on the same lines over bare Kestrel: a process of its own each time, with the build servers that the SDK leaves running.</summary>
internal sealed class DotnetBuild
{
    private readonly Workplace _workplace;
    private readonly ServiceTree _tree;

    private DotnetBuild(Workplace workplace, ServiceTree tree) => (_workplace, _tree) = (workplace, tree);

    /// <summary>Restored, and built once.</summary>
    public static async Task<DotnetBuild> Begin(Workplace workplace, int bulkFiles, bool libraries)
    {
        var build = new DotnetBuild(workplace, ServiceTree.ForProcess(workplace.Beside("dotnet-build"), bulkFiles, libraries));
        await build.Build();
        return build;
    }

    /// <summary>What the build takes after one edit, in milliseconds.</summary>
    /// <exception cref="BenchException">It failed, or what it built does not answer with the edit.</exception>
    public async Task<double> Edit(EditKind kind)
    {
        var answer = _tree.Edit(kind);
        var from = Clock.Now;
        await Build("--no-restore");
        var milliseconds = Clock.Milliseconds(Clock.Now - from);
        await Answers(answer);
        return milliseconds;
    }

    private async Task Build(params string[] options)
    {
        await using var build = ChildProcess.Start(_workplace.Prepare("dotnet", _tree.Service, ["build", "-v", "quiet", "--nologo", .. options]));
        if (await build.Exit() != 0) throw build.Failed("failed");
    }

    /// <summary>Runs what was built for as long as it takes to ask it.</summary>
    private async Task Answers(string expected)
    {
        var endpoint = Ports.Fresh();
        var start = _workplace.Prepare("dotnet", _tree.Service, Path.Combine("bin", "Debug", "net10.0", "Service.dll"));
        start.Environment["Chat__Endpoint"] = endpoint.ToString();
        await using var service = ChildProcess.Start(start);
        await Serving.Greeted(endpoint, service);
        if (await Serving.Version(endpoint) is var version && version != expected) throw new BenchException($"{PeerNames.DotnetBuild} built {version}, not {expected}.");
    }
}
