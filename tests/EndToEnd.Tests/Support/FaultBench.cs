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

    internal StateDirectory State => Checkout.State;

    internal Traffic Traffic => _traffic!;

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
        _traffic ??= await NewTraffic();
        await _traffic.Round();
    }

    /// <summary>The next <c>run</c>, which finds the node alive.</summary>
    internal async Task Run()
    {
        Daemon = Checkout.Start("run");
        await Daemon.Events.Next(e => e.Name == "node.adopted", "the node to be taken up");
    }

    internal Task<Pause> PauseAt(string phase) => Pause.At(Pauses, phase);

    /// <summary>A commit that is there to be pulled, and what its code answers.</summary>
    internal async Task<string> Commit()
    {
        var text = $"push-{++_pushes}";
        _texts[await PushWithoutHooks(text, CheckoutFiles.ServiceVersion(text))] = text;
        return text;
    }

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
                var status = await Status();
                if (condition(status))
                    return status;
                await Task.Delay(Look, cancellation);
            }
        },
        () => what);

    /// <summary>The pid of the builder that the daemon has.</summary>
    internal ProcessIdentity Builder() => RendezvousFile.Read(State, $"builder-{Daemon.Pid}")?.Process() ?? throw new InvalidOperationException("There is no builder.");

    protected override Task Prepare()
    {
        Directory.CreateDirectory(Pauses);
        Checkout.Environment["WATCHRELOAD_PAUSE"] = Pauses;
        // How long the machine takes decides nothing here.
        Checkout.Environment["WATCHRELOAD_RELOAD__PROBATION"] = "1h";
        return Task.CompletedTask;
    }

    private string? OnDisk(NodeStatus status) => Text(State.Trial(Node)) ?? (status.Trial is null ? Text(State.Current(Node)) : null);

    private static string? Text(string file) => File.Exists(file) ? File.ReadAllText(file).Trim() : null;

    private Task<Traffic> NewTraffic() => Traffic.Start(Checkout, names: $"{(char)('a' + _crowds++)}");
}
