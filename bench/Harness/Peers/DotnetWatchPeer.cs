using System.Globalization;
using System.Net;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Peers;

/// <summary><c>dotnet watch</c> on the same lines over bare Kestrel. For an edit that it cannot apply it restarts, as it is told here.</summary>
internal sealed class DotnetWatchPeer(Workplace workplace, int bulkFiles, bool libraries = false) : ILivePeer
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    /// <summary>Of each watched directory it takes one of these, and ends when there are no more.</summary>
    private const string InstancesFile = "/proc/sys/fs/inotify/max_user_instances";
    private const int InstancesForLibraries = 512;
    private readonly ServiceTree _tree = ServiceTree.ForProcess(workplace.Beside("dotnet-watch"), bulkFiles, libraries);
    private ChildProcess? _watch;

    public string Name => PeerNames.DotnetWatch;

    public IPEndPoint Endpoint { get; } = Ports.Fresh();

    public IReadOnlyDictionary<string, double> Phases => new Dictionary<string, double>();

    /// <summary>The command, and the tool that it starts; not the service.</summary>
    public IEnumerable<int> WatchingPids => [_watch!.Pid, .. ProcStat.Children(_watch.Pid, "dotnet-watch.dll")];

    public bool Knows(EditKind kind) => _tree.Knows(kind);

    /// <summary>It looks at the files by the clock, as this machine does not let it be told of as many directories; null when it is told.</summary>
    public string? Polls { get; } = libraries && Instances() is var instances && instances < InstancesForLibraries
        ? string.Create(CultureInfo.InvariantCulture, $"`dotnet watch` was told to poll (DOTNET_USE_POLLING_FILE_WATCHER=1): it takes an inotify instance for each directory, and ends when it finds none. {InstancesFile} is {instances} here; with {InstancesForLibraries} or more it need not poll.")
        : null;

    public async Task Start()
    {
        var start = workplace.Prepare("dotnet", _tree.Service, "watch", "--non-interactive", "run");
        start.Environment["Chat__Endpoint"] = Endpoint.ToString();
        start.Environment["DOTNET_WATCH_RESTART_ON_RUDE_EDIT"] = "true";
        start.Environment["DOTNET_WATCH_SUPPRESS_EMOJIS"] = "true";
        if (Polls is not null) start.Environment["DOTNET_USE_POLLING_FILE_WATCHER"] = "1";
        _watch = ChildProcess.Start(start);
        await Serving.Greeted(Endpoint, _watch);
        await _watch.Line(l => l.Text.Contains("Waiting for changes", StringComparison.Ordinal), "that it waits for changes");
    }

    public string NextAnswer(EditKind kind) => _tree.NextAnswer(kind);

    public Task Edit(EditKind kind)
    {
        _tree.Edit(kind);
        return Task.CompletedTask;
    }

    /// <summary>It does not say when it is done; after this long without a line it is taken to be.</summary>
    public async Task Rest()
    {
        for (var seen = -1; seen != _watch!.Position;)
        {
            seen = _watch.Position;
            await Task.Delay(Quiet);
        }
    }

    private static int Instances() => int.Parse(File.ReadAllText(InstancesFile), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        if (_watch is not null) await _watch.DisposeAsync();
    }
}
