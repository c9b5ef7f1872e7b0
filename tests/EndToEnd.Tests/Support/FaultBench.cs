using System.Text.Json;
using WatchReload.Control;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>
/// A deployment under traffic that is done harm to, over and over; and what has to hold after each: one consistent version serves, nothing that was
/// answered is lost, memory and disk agree, the next deploy works.
/// </summary>
public sealed class FaultBench : Deployment
{
    private const string Node = "main";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private readonly Dictionary<string, string> _texts = [];
    private readonly FaultTotals _totals = new();
    private Traffic? _traffic;
    private int _pushes;
    private int _crowds;
    private int _deaths;

    internal StateDirectory State => Checkout.State;

    internal Traffic Traffic => _traffic!;

    /// <summary>Holds the state directory; null where this user may not mount one.</summary>
    internal SmallDisk? Disk { get; private set; }

    private string Pauses => Checkout.Beside("pauses");

    public override async ValueTask DisposeAsync()
    {
        if (_traffic is not null)
            await _traffic.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Whatever the case before has left behind: a daemon, its node, and connections, which are those of before unless the node died.</summary>
    internal async Task Begin()
    {
        _totals.Begin();
        if (!Daemon.IsRunning)
            await Run();
        if (_deaths > 2)
            await Renew();
        _traffic ??= await NewTraffic();
        await _traffic.Round();
    }

    /// <summary>The next <c>run</c>, which finds the node alive.</summary>
    internal async Task Run()
    {
        Daemon = Checkout.Start("run");
        await Daemon.Events.Next(e => e.Name == "node.adopted", "the node to be taken up");
        _deaths = 0;
    }

    /// <summary>Another daemon, which waits no longer than the first time before it starts a node that died.</summary>
    internal async Task Renew()
    {
        await Daemon.Crash();
        await Run();
    }

    /// <summary>Kills the node. The only fault that may cost connections.</summary>
    internal async Task KillNode(NodeStatus node)
    {
        var process = ProcessIdentity.Of(node.Pid)!;
        Processes.Crash(node.Pid);
        await Processes.Ended(process, "the node");
        _deaths++;
        _totals.Died(Traffic);
        await _traffic!.DisposeAsync();
        _traffic = null;
    }

    /// <summary>Another process serves in its place, and connections come again.</summary>
    internal async Task<NodeStatus> Revived(NodeStatus dead)
    {
        var status = await Until(s => s.Instance != dead.Instance && s.Version >= 1, "the node to be back");
        _traffic = await NewTraffic();
        return status;
    }

    /// <summary>Commits, and pulls it; when the pull has come to the phase the fault happens, and the pull goes on, or ends. What was committed, and what served before.</summary>
    internal async Task<(string Text, NodeStatus Before, Command Pull)> HoldPull(string phase, Func<NodeStatus, Task> fault)
    {
        var before = await Status();
        var text = await Commit();
        using var pause = await PauseAt(phase);
        var pull = Checkout.Start("pull");
        await pause.Reached();
        await fault(before);
        return (text, before, pull);
    }

    internal Task<Pause> PauseAt(string phase) => Pause.At(Pauses, phase);

    /// <summary>A commit that is there to be pulled, and what its code answers.</summary>
    internal async Task<string> Commit()
    {
        var text = $"push-{++_pushes}";
        _texts[await PushWithoutHooks(text, CheckoutFiles.ServiceVersion(text))] = text;
        return text;
    }

    /// <summary>Each push begins when the one before is accepted, and all wait for their verdict together. What each pusher was told.</summary>
    internal async Task<IReadOnlyList<string>> PushAtOnce(int pushes)
    {
        var waiting = new List<Task<IReadOnlyList<string>>>();
        for (var i = 0; i < pushes; i++)
        {
            var text = $"push-{++_pushes}";
            var (commit, told) = await BeginPush(text, CheckoutFiles.ServiceVersion(text));
            _texts[commit] = text;
            waiting.Add(told);
        }

        return [.. (await Task.WhenAll(waiting)).Select(lines => string.Join('\n', lines))];
    }

    /// <summary>Removes or changes the assembly of a release, until what is returned is disposed: the next case may come upon the same one.</summary>
    internal IDisposable Damage(string release, bool missing)
    {
        var directory = State.Release(release);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = Path.Combine(directory, "WatchReload.Service.dll");
        var bytes = File.ReadAllBytes(file);
        File.Delete(file);
        if (!missing)
            File.WriteAllBytes(file, [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);
        return new Damaged(file, bytes);
    }

    private sealed class Damaged(string file, byte[] was) : IDisposable
    {
        public void Dispose()
        {
            if (Directory.Exists(Path.GetDirectoryName(file)))
                File.WriteAllBytes(file, was);
        }
    }

    internal string NewestRelease() => Directory.EnumerateDirectories(State.Releases, "r*").Select(d => Path.GetFileName(d)!).Max(StringComparer.Ordinal)!;

    /// <summary>What a node that dies on trial starts on.</summary>
    internal async Task<string> Current() => (await File.ReadAllTextAsync(State.Current(Node))).Trim();

    /// <summary><c>pull</c> makes serve what was committed.</summary>
    internal async Task Deploys(string text)
    {
        var pulled = await Checkout.Run("pull");
        Assert.True(pulled.ExitCode == 0, $"{pulled}\n{Daemon.Errors}");
        Assert.Equal($"version {text}", await Traffic.Agree("/version"));
        await Whole();
    }

    /// <summary>A commit that was not there at the fault goes through.</summary>
    internal async Task NextDeployWorks() => await Deploys(await Commit());

    /// <summary>All connections get one version, and it is the release that the node says and that the disk says.</summary>
    internal async Task<NodeStatus> Whole()
    {
        var answer = await Traffic.Agree("/version");
        var status = await Until(s => s.Release == OnDisk(s) && s.Connections == Traffic.Count, "memory and disk to agree");
        var manifest = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(Path.Combine(State.Release(status.Release!), "release.json")), ControlJson.Default.ReleaseManifest)!;
        Assert.Equal((status.Release, status.ContentHash, status.Commit), (manifest.Id, manifest.ContentHash, manifest.Commit));
        if (_texts.TryGetValue(status.Commit!, out var text))
            Assert.Equal($"version {text}", answer);
        Assert.Empty(status.Parked);
        Assert.Empty(status.Late);
        _totals.Tell(Traffic);
        return status;
    }

    internal async Task<NodeStatus> Status()
    {
        using var node = new PipeClient(State, Node);
        return await node.Get("/v1/status", ControlJson.Default.NodeStatus, TestContext.Current.CancellationToken);
    }

    internal Task<NodeStatus> Until(Func<NodeStatus, bool> condition, string what) => Deadline.Within(
        async cancellation =>
        {
            while (true)
            {
                if (await StatusIfAny() is { } status && condition(status))
                    return status;
                await Task.Delay(Look, cancellation);
            }
        },
        () => what);

    private async Task<NodeStatus?> StatusIfAny()
    {
        try
        {
            return await Status();
        }
        catch (PipeException)
        {
            return null; // it has died, or is just starting
        }
    }

    /// <summary>The pid of the builder that the daemon has.</summary>
    internal ProcessIdentity Builder() => RendezvousFile.Read(State, $"builder-{Daemon.Pid}")?.Process() ?? throw new InvalidOperationException("There is no builder.");

    protected override async Task Prepare()
    {
        Disk = await SmallDisk.Mount(State.Root);
        if (Disk is { } disk)
            Checkout.AtTheEnd = disk.Unmount;
        Directory.CreateDirectory(Pauses);
        Checkout.Environment["WATCHRELOAD_PAUSE"] = Pauses;
        // How long the machine takes decides nothing here.
        Checkout.Environment["WATCHRELOAD_RELOAD__PROBATION"] = "1h";
    }

    private string? OnDisk(NodeStatus status) => Text(State.Trial(Node)) ?? (status.Trial is null ? Text(State.Current(Node)) : null);

    private static string? Text(string file) => File.Exists(file) ? File.ReadAllText(file).Trim() : null;

    private Task<Traffic> NewTraffic() => Traffic.Start(Checkout, names: $"{(char)('a' + _crowds++)}");
}

[CollectionDefinition(nameof(FaultBench))]
public sealed class FaultBenchCollection : ICollectionFixture<FaultBench>;
