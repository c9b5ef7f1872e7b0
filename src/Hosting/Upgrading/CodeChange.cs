using WatchReload.Actors;
using WatchReload.Control;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Calls the new version's <see cref="IService.CodeChange"/>, once.</summary>
internal static class CodeChange
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly string Late = $"CodeChange did not end within {Deadline.TotalSeconds:0} s.";

    /// <summary>Why it failed, or null.</summary>
    public static async Task<Setback?> Run(NodeServices node, ReloadRequest request, ServiceVersion previous, ServiceVersion next)
    {
        var time = node.Kernel.Time;
        using var deadline = new CancellationTokenSource(Deadline, time);
        string problem;
        try
        {
            var context = new CodeChangeContext(previous.Number, next.Number, request.Rollback, node.Kernel, next.Services, deadline.Token);
            var since = time.GetUtcNow();
            Task running;
            using (ExecutionContext.SuppressFlow()) running = Task.Run(() => next.Service!.CodeChange(context).AsTask(), CancellationToken.None);
            if (await Deadlines.AreKept(running, Deadline + TimeSpan.FromSeconds(1), time)) return null;
            problem = Late;
            next.Hosted.AddCall(running, nameof(IService.CodeChange), since); // it goes on, and has the version's container
        }
        catch (Exception cause)
        {
            problem = deadline.IsCancellationRequested ? Late : $"CodeChange threw {SourceNames.Short(cause.GetType())}: {cause.Message}";
        }

        UpgradingLog.CodeChangeFailed(node.Logger, next.Number, problem);
        return new Setback(problem, ReferenceEquals(problem, Late));
    }
}
