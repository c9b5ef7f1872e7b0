using System.Diagnostics;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Testing;

/// <summary>Finds out that nothing moves any more.</summary>
/// <remarks>
/// Theory of operation. Actors are looked at one after the other, so one may send to another that was looked at before. Two looks
/// that both see every actor at rest, with the same number of turns begun, prove that at the moment between them nothing was
/// under way: a turn that ran at that moment would have been seen by one of them, and a message sent before it
/// would be mail, or a turn, at the second.
/// Piped work that waits for the reply of an actor, or for virtual time, cannot go on by itself and does not count. That it only
/// waits is a guess by numbers; so then what was seen must hold for a while.
/// </remarks>
internal sealed class Quiescence(ActorKernel kernel, VirtualTime time)
{
    private static readonly TimeSpan HoldsFor = TimeSpan.FromMilliseconds(20);

    public async Task Reached(TimeSpan limit)
    {
        var started = Stopwatch.GetTimestamp();
        for (var looks = 0; ; looks++)
        {
            if (await IsReached()) return;
            if (Stopwatch.GetElapsedTime(started) > limit) throw new ExpectationException($"The node has not come to rest within {limit.TotalSeconds:0.#} s: {Busy()}.");
            if (looks < 50) await Task.Yield();
            else await Task.Delay(1);
        }
    }

    private async Task<bool> IsReached()
    {
        if (Look() is not { } first || Look() != first) return false;
        if (first.Pipes == 0) return true;
        await Task.Delay(HoldsFor);
        return Look() == first;
    }

    private Observation? Look()
    {
        if (!kernel.Gate.IsEmpty) return null;
        var (actors, turns) = (0, 0L);
        foreach (var cell in kernel.Cells)
        {
            if (!cell.IsAtRest) return null;
            actors++;
            turns += cell.Turns;
        }

        var pipes = kernel.Background.Count;
        return pipes <= kernel.Asks.Open + time.ServiceTimers ? new Observation(actors, kernel.Spawned, turns, pipes) : null;
    }

    private string Busy()
    {
        var busy = kernel.Cells.Where(cell => !cell.IsAtRest).Select(cell => $"{cell} ({cell.Binding.Name}) has a turn or mail").ToList();
        if (kernel.Background.Count is > 0 and var pipes) busy.Add($"{pipes} pieces of piped work are under way");
        return busy.Count == 0 ? "actors keep sending to each other" : string.Join(", ", busy);
    }

    /// <param name="Spawned">How many actors there have ever been: with <paramref name="Actors"/> it tells that none came or went.</param>
    private sealed record Observation(int Actors, long Spawned, long Turns, int Pipes);
}
