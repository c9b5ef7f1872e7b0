using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>
/// The time after a commit, from the commit on, in which the new version is on trial.
/// </summary>
/// <remarks>
/// Counted are distinct actors whose turns fail, so that one client that makes one handler throw again and again counts once. The
/// limit is passed when at least <see cref="Fewest"/> have failed and they are more than <see cref="Factor"/> times as
/// many as would have failed in that time at the rate of the ten minutes before.
/// </remarks>
internal sealed class Probation(ActorKernel kernel, string release, TimeSpan length)
{
    private const int Fewest = 5;
    private const double Factor = 3;
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private readonly long _started = kernel.Time.GetTimestamp();
    private readonly int _earlier = kernel.Failures.DistinctActors(Before, TimeSpan.Zero);

    public string Release => release;

    public TimeSpan Left => kernel.Time.GetElapsedTime(_started) is var past && past < length ? length - past : TimeSpan.Zero;

    /// <summary>Distinct actors that have failed since the commit.</summary>
    public int Failed => kernel.Failures.DistinctActors(Elapsed, TimeSpan.Zero);

    private TimeSpan Elapsed => kernel.Time.GetElapsedTime(_started);

    /// <summary>Null when the time has passed without cause; else why the version should go.</summary>
    public async Task<string?> Outcome(CancellationToken replaced)
    {
        while (Left > TimeSpan.Zero)
        {
            var (failed, elapsed) = (Failed, Elapsed);
            var expected = _earlier * (elapsed / Before);
            if (failed >= Fewest && failed > Factor * expected)
                return $"{failed} actors failed in {elapsed.TotalSeconds:0.0} s on trial, where {expected:0.0} were to be expected";
            await Task.Delay(Left < Look ? Left : Look, kernel.Time, replaced);
        }

        return null;
    }
}
