namespace WatchReload.Builder.Tests.Support;

/// <summary>Waits for what a build is at.</summary>
internal sealed class Reached(string activity)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Task => _reached.Task;

    public void Look(Control.BuildProgress progress)
    {
        if (progress.Activity == activity)
            _reached.TrySetResult();
    }
}
