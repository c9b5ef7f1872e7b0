namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>How long a test waits for one thing. Far more than it takes: only what hangs shall reach it, also on a machine that is busy.</summary>
internal static class Deadline
{
    public static TimeSpan Step { get; } = TimeSpan.FromMinutes(4);

    /// <summary>Ends after a step, or with the test.</summary>
    public static CancellationTokenSource ForStep()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(Step);
        return source;
    }

    public static async Task<T> Within<T>(Func<CancellationToken, Task<T>> work, Func<string> what)
    {
        using var step = ForStep();
        try
        {
            return await work(step.Token).WaitAsync(step.Token);
        }
        catch (OperationCanceledException) when (step.IsCancellationRequested)
        {
            throw new TimeoutException($"Not in time: {what()}");
        }
    }

    public static Task Within(Func<CancellationToken, Task> work, Func<string> what) => Within(
        async cancellation =>
        {
            await work(cancellation);
            return true;
        },
        what);
}
