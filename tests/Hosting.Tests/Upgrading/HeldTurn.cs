using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>A line that suspends a turn of compiled code until the test lets it go.</summary>
internal sealed class HeldTurn : IDisposable
{
    private readonly string _key = $"held-turn-{Guid.NewGuid():N}";
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HeldTurn()
    {
        AppContext.SetData(_key + "-entered", _entered);
        AppContext.SetData(_key + "-released", _released);
    }

    /// <summary>A case of the service's switch over the line: <c>wait</c>, answered with <c>waited</c>.</summary>
    public string Command => $"case \"wait\": {Suspend} self.WriteLine(\"waited\"); break;";

    /// <summary>Statements of the service: say that they are reached, and wait.</summary>
    public string Suspend => $"((TaskCompletionSource)AppContext.GetData(\"{_key}-entered\")!).TrySetResult(); await {Wait};";

    /// <summary>An expression of the service: a task that ends when the test says so.</summary>
    public string Wait => $"((TaskCompletionSource)AppContext.GetData(\"{_key}-released\")!).Task";

    /// <summary>An expression of the service, a text, that holds its thread until the test says so.</summary>
    public string Block => $"new Func<string>(() => {{ ((TaskCompletionSource)AppContext.GetData(\"{_key}-entered\")!).TrySetResult(); {Wait}.Wait(); return \"held\"; }})()";

    public Task Entered => _entered.Task;

    /// <summary>Entered by a reload; one that ends without that says how.</summary>
    public async Task EnteredBy(Task<ReloadReport> reloading)
    {
        if (await Task.WhenAny(Entered, reloading) == Entered) return;
        var report = await reloading;
        Assert.Fail($"It ended before: {report.Verdict} {string.Join('\n', report.Problems)} {string.Join('\n', report.Late)}");
    }

    public void Release() => _released.SetResult();

    public void Dispose()
    {
        AppContext.SetData(_key + "-entered", null);
        AppContext.SetData(_key + "-released", null);
    }
}
