using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>Work that an actor has under way outside its turns. Holds its version until it has ended.</summary>
internal static class Piped<T, TMessage> where TMessage : notnull
{
    public static void Start(ActorCell cell, CodeVersion version, Func<CancellationToken, Task<T>> work, Func<T, TMessage> done, Func<Failure, TMessage> failed)
    {
        // The turn's ExecutionContext is not the work's: what it holds would live as long as the work.
        cell.Kernel.Background.Started(cell, version);
        var client = cell.Kernel.CurrentClient;
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(() => Run(cell, version, client, work, done, failed));
    }

    private static async Task Run(ActorCell cell, CodeVersion version, Client? client, Func<CancellationToken, Task<T>> work, Func<T, TMessage> done, Func<Failure, TMessage> failed)
    {
        client?.Enter();
        try
        {
            object message;
            try
            {
                message = done(await work(cell.Stopping));
            }
            catch (Exception cause)
            {
                message = failed(new Failure(
                    SourceNames.Full(cause.GetType()),
                    cause.Message,
                    TimedOut: cause is TimeoutException or AskException { Reason: AskFailure.TimedOut } || (cause is OperationCanceledException && !cell.Stopping.IsCancellationRequested && cause.InnerException is TimeoutException),
                    Cancelled: cause is OperationCanceledException));
            }

            cell.Send(message);
        }
        catch (Exception cause)
        {
            cell.Kernel.TurnFailed(cell, version, cause, "the outcome of piped work", client);
        }
        finally
        {
            cell.Kernel.Background.Ended(cell, version);
        }
    }
}
