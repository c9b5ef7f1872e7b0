using WatchReload.Control;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Resident;

/// <summary>What a daemon says of an attempt, for whoever asked over the pipe or the hook's socket.</summary>
internal static class AttemptAnswer
{
    /// <summary>Tells the events as they come; the last of them, or null when there was none.</summary>
    /// <param name="lines">The answer.</param>
    /// <param name="events">Where to tell them.</param>
    /// <param name="ask">Asks the same daemon for something else.</param>
    /// <param name="cancellation">Nobody wants to know any more.</param>
    /// <exception cref="PipeException">The daemon went away, and whether it finished is not known; or it failed at it by a defect.</exception>
    public static async Task<DaemonEvent?> Tell(PipeLines<DaemonEvent> lines, IEventSink events, Func<string, Task<string>> ask, CancellationToken cancellation)
    {
        DaemonEvent? last = null;
        try
        {
            await foreach (var happened in lines.WithCancellation(cancellation))
            {
                last = happened;
                events.Emit(happened);
            }
        }
        catch (PipeException e) when (e.Failure == PipeFailure.Lost && lines.Id is not null)
        {
            await AskForDefect(lines.Id, ask);
            throw;
        }

        return last;
    }

    /// <summary>An answer was cut. Where the daemon lives, it knows whether a defect of its own did that.</summary>
    /// <exception cref="PipeException">It did (<see cref="PipeFailure.Defect"/>).</exception>
    private static async Task AskForDefect(string id, Func<string, Task<string>> ask)
    {
        try
        {
            await ask(CutAnswers.Route.Replace("{id}", id, StringComparison.Ordinal));
        }
        catch (ControlException e) when (e is not PipeException { Failure: PipeFailure.Defect })
        {
            // It has ended, or knows of none: the connection was lost.
        }
    }
}
