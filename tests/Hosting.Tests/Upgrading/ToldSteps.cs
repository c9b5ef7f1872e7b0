using System.Collections.Concurrent;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>What versions of compiled code did, in the order in which they did it.</summary>
internal sealed class ToldSteps : IDisposable
{
    private readonly string _key = $"told-steps-{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<string> _steps = new();

    public ToldSteps() => AppContext.SetData(_key, _steps);

    /// <summary>A statement of the service.</summary>
    public string Tell(string expression) => $"((System.Collections.Concurrent.ConcurrentQueue<string>)AppContext.GetData(\"{_key}\")!).Enqueue({expression});";

    /// <summary>Those since it was last asked.</summary>
    public IReadOnlyList<string> Take()
    {
        var taken = new List<string>();
        while (_steps.TryDequeue(out var step)) taken.Add(step);
        return taken;
    }

    public void Dispose() => AppContext.SetData(_key, null);
}
