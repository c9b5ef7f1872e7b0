using WatchReload.Control;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>
/// A checkout in production, shared by the tests of a collection: the first <c>run</c> builds, later ones start on what is there. Each test
/// begins with <see cref="Run"/>, whatever the one before has left behind.
/// </summary>
public sealed class Production : IAsyncLifetime
{
    public const string Node = "main";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private Command? _run;
    private int _edits;

    internal Checkout Checkout { get; private set; } = null!;

    internal StateDirectory State => Checkout.State;

    public async ValueTask InitializeAsync()
    {
        Checkout = await Checkout.Create();
        // How long the machine takes decides nothing here: a test ends a trial itself, or never sees its end.
        Checkout.Environment["WATCHRELOAD_RELOAD__PROBATION"] = "1h";
        await Stop(await Run());
    }

    public async ValueTask DisposeAsync()
    {
        if (Checkout is not null)
            await Checkout.DisposeAsync();
    }

    /// <summary>The one <c>run</c>, and its node serves: started on what it has, or taken up.</summary>
    internal async Task<Command> Run()
    {
        if (_run is { IsRunning: true } left)
            await Stop(left);
        _run = Checkout.Start("run");
        await _run.Events.Next(e => e.Name is "node.started" or "node.adopted", "a node that serves");
        return _run;
    }

    /// <summary>In order, as a supervisor does.</summary>
    internal static async Task<int> Stop(Command run)
    {
        run.Signal("TERM");
        return await run.Exit();
    }

    /// <summary>Of the node, from its own pipe.</summary>
    internal async Task<NodeStatus> Status()
    {
        using var node = new PipeClient(State, Node);
        return await node.Get("/v1/status", ControlJson.Default.NodeStatus, TestContext.Current.CancellationToken);
    }

    /// <summary>What a node that dies is started on again: the release that has passed its probation, whatever is on trial.</summary>
    internal string Current() => File.ReadAllText(State.Current(Node)).Trim();

    /// <summary>Waits for a condition of the status; nobody tells of it while there is no daemon.</summary>
    internal Task Until(Func<NodeStatus, bool> condition) => Deadline.Within(
        async cancellation =>
        {
            while (!condition(await Status()))
                await Task.Delay(Look, cancellation);
        },
        () => "a status that it waits for");

    /// <summary>Edits one file, until what is returned is disposed: other tests want the sources as they are.</summary>
    internal IDisposable Edit(string path, params (string Old, string New)[] edits)
    {
        var undo = new Undo(Checkout, path, Checkout.Read(path));
        Checkout.Edit(path, edits);
        return undo;
    }

    /// <summary>Saves what <c>/version</c> shall answer: a text that there never was.</summary>
    internal string SaveNewVersion()
    {
        var text = $"edit-{++_edits}";
        Checkout.SaveVersion(text);
        return text;
    }

    /// <summary>Saves a new version, and <c>reload</c> makes it serve.</summary>
    internal async Task<(string Text, CommandEvent Committed)> Reload()
    {
        var text = SaveNewVersion();
        return (text, await Committed());
    }

    /// <summary><c>reload</c> succeeds.</summary>
    internal async Task<CommandEvent> Committed()
    {
        var outcome = await Checkout.Run("reload");
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        return Assert.Single(outcome.Events, e => e.Name == "reload.committed");
    }

    private sealed record Undo(Checkout Checkout, string Path, string Text) : IDisposable
    {
        public void Dispose() => Checkout.Save(Path, Text);
    }
}

[CollectionDefinition(nameof(Production))]
public sealed class ProductionCollection : ICollectionFixture<Production>;
