using System.Globalization;
using WatchReload.Actors;
using WatchReload.Control;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>
/// The time after a commit, from the commit on, in which the new version is on trial.
/// </summary>
/// <remarks>
/// Counted are distinct actors whose turns fail, however often. The limit is passed when at least <see cref="Fewest"/> have failed and they are more
/// than <see cref="Factor"/> times as many as failed in any time as long of the ten minutes before. A client that can make a
/// handler throw must not force the way back by itself, on however many connections, by however many actors that it makes fail: what fails on
/// behalf of clients counts once an address. Where few addresses tell clients apart (proxies, the machine itself) connections count, once
/// more than half of those fail that were open at the commit, at more than half of the addresses.
/// </remarks>
/// <param name="commit">That of the version on trial. Turns of it may have failed before this is made.</param>
internal sealed class Probation(ActorKernel kernel, CommitPoint commit, string release, TimeSpan length)
{
    private const int Fewest = 5;
    private const double Factor = 3;

    /// <summary>Of more addresses than that, half are as many as count by themselves.</summary>
    private const int MostAddresses = 2 * (Fewest - 1);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private readonly EarlierFailures _earlier = kernel.Failures.Before(commit);

    private TimeSpan Left => Elapsed is var past && past < length ? length - past : TimeSpan.Zero;

    private TimeSpan Elapsed => kernel.Time.GetElapsedTime(commit.Time);

    /// <summary>How it stands.</summary>
    /// <param name="newest">The release of what serves, when deltas have been made to it since the commit.</param>
    public TrialStatus Status(string? newest)
    {
        var (left, failed, elapsed) = (Left, kernel.Failures.Since(commit), Elapsed);
        return new TrialStatus(newest ?? release, Math.Round(left.TotalSeconds, 1), failed.Ids.Count)
        {
            ForSeconds = Math.Round(elapsed.TotalSeconds, 1),
            Failures = failed.Turns,
            Expected = Math.Round(_earlier.MostWithin(elapsed).Actors, 1),
        };
    }

    /// <summary>Null when the time has passed without cause; else why the version should go.</summary>
    public async Task<string?> Outcome(CancellationToken replaced)
    {
        var atCommit = OpenConnections.Of(kernel, MostAddresses, commit.LastActor);
        while (true)
        {
            // Looked at before the failures: when the time has passed they are looked at once more, however late this comes to run.
            var left = Left;
            var (failed, elapsed) = (kernel.Failures.Since(commit), Elapsed);
            if (failed.Ids.Count >= Fewest && _earlier.MostWithin(elapsed) is var earlier && IsPast(failed, earlier, atCommit))
                return string.Create(CultureInfo.InvariantCulture, $"{failed.Ids.Count} actors failed in {elapsed.TotalSeconds:0.0} s on trial, where at most {earlier.Actors:0.#} were to be expected");
            if (left <= TimeSpan.Zero) return null;
            await Task.Delay(left < Look ? left : Look, kernel.Time, replaced);
        }
    }

    /// <summary>More fail than before, counted like before, and as many still do when what is one client's doing is taken together.</summary>
    private bool IsPast(FailedActors failed, (double Actors, double Causes) earlier, OpenConnections atCommit) =>
        (IsPast(failed.Causes, earlier.Causes) && IsPast(failed.ByThemselves + failed.Connections.Count, earlier.Causes))
        || (IsPast(failed.Ids.Count, earlier.Actors) && IsPast(failed.ByThemselves + EverybodysConnections(failed, atCommit), earlier.Actors));

    private static bool IsPast(int failed, double earlier) => failed >= Fewest && failed > Factor * earlier;

    /// <summary>The connections that failed, when they are those of more than half of all clients as far as these can be told apart; else none.</summary>
    private int EverybodysConnections(FailedActors failed, OpenConnections atCommit)
    {
        if (atCommit.AreOfMany || OpenConnections.Of(kernel, MostAddresses) is not { AreOfMany: false } now) return 0;
        var ofAddresses = failed.Connections
            .Select(address => (From: atCommit.From(address.Key), Failed: address.Count(connection => WasOpenAtCommit(connection, failed))))
            .Where(address => 2 * address.Failed > address.From)
            .ToList();
        return 2 * ofAddresses.Count > atCommit.Addresses.Union(now.Addresses).Count() ? ofAddresses.Sum(address => address.Failed) : 0;
    }

    /// <summary>One client can open as many as it likes afterwards. What was sent on behalf of one that was closed before says nothing of those that were open.</summary>
    private bool WasOpenAtCommit(long connection, FailedActors failed) => connection <= commit.LastActor && (failed.Ids.Contains(connection) || kernel.Find(new ActorId(connection)) is not null);
}
