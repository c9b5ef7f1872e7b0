using System.Globalization;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>
/// The time after a commit, from the commit on, in which the new version is on trial.
/// </summary>
/// <remarks>
/// Counted are distinct actors whose turns fail, however often. The limit is passed when at least <see cref="Fewest"/> have failed and they are more
/// than <see cref="Factor"/> times as many as failed in any time as long of the ten minutes before. A client that can make a
/// handler throw must not force the way back by itself, on however many connections: those whose frames fail count once an address. Where
/// no addresses tell clients apart (a proxy, the machine itself) each counts, once more than half of all actors have failed.
/// </remarks>
internal sealed class Probation(ActorKernel kernel, string release, TimeSpan length)
{
    private const int Fewest = 5;
    private const double Factor = 3;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private readonly long _started = kernel.Time.GetTimestamp();
    private readonly EarlierFailures _earlier = kernel.Failures.Earlier();

    public string Release => release;

    public TimeSpan Left => kernel.Time.GetElapsedTime(_started) is var past && past < length ? length - past : TimeSpan.Zero;

    /// <summary>Distinct actors that have failed since the commit.</summary>
    public int Failed => kernel.Failures.Within(Elapsed).Ids.Count;

    private TimeSpan Elapsed => kernel.Time.GetElapsedTime(_started);

    /// <summary>Null when the time has passed without cause; else why the version should go.</summary>
    public async Task<string?> Outcome(CancellationToken replaced)
    {
        while (true)
        {
            // Looked at before the failures: when the time has passed they are looked at once more, however late this comes to run.
            var left = Left;
            var (failed, elapsed) = (kernel.Failures.Within(Elapsed), Elapsed);
            if (failed.Ids.Count >= Fewest && _earlier.MostWithin(elapsed) is var earlier && (IsPast(failed.Causes, earlier.Causes) || (IsPast(failed.Ids.Count, earlier.Actors) && IsNotOneClient(failed))))
                return string.Create(CultureInfo.InvariantCulture, $"{failed.Ids.Count} actors failed in {elapsed.TotalSeconds:0.0} s on trial, where at most {earlier.Actors:0.#} were to be expected");
            if (left <= TimeSpan.Zero) return null;
            await Task.Delay(left < Look ? left : Look, kernel.Time, replaced);
        }
    }

    private static bool IsPast(int failed, double earlier) => failed >= Fewest && failed > Factor * earlier;

    private bool IsNotOneClient(FailedActors failed)
    {
        var live = kernel.Cells.ToList();
        if (live.Select(actor => actor.Peer).OfType<string>().Distinct().Skip(1).Any()) return false;
        var gone = failed.Ids.Count - live.Count(actor => failed.Ids.Contains(actor.Id.Value));
        return 2 * failed.Ids.Count > live.Count + gone;
    }
}
