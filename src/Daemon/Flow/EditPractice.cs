using WatchReload.Control;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Flow;

/// <summary>
/// Edits that nobody makes, taken through daemon, builder and node as far as nothing comes of them, while there is nothing else to do: the runtime compiles a method for speed at its thirtieth call, on a thread of its own, and the processors that
/// this takes are those of the edit which is the thirtieth. Of the first dozen edits most of the time was that, in all three processes.
/// </summary>
internal sealed class EditPractice(BuildStage build, NodeSeat seat, ReleaseStore releases, TimeProvider time)
{
    private const int Rounds = 40;

    /// <summary>In these all that is called is compiled once. Calls count from when nothing has been for a tenth of a second.</summary>
    private const int FirstRounds = 3;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AfterFirst = TimeSpan.FromMilliseconds(250);

    /// <summary>From one look to the next whether it is the time.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>Without an edit, before it goes on: whoever edits has what this is for, and must not wait for it.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>What is not ready within this time has a doubt, and goes another way.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private long _edited = long.MinValue;

    private bool _nodeTakesNoDeltas;

    /// <summary>A save was noticed, or something else is to be done. May be called at any time.</summary>
    public void GiveWay() => Volatile.Write(ref _edited, time.GetTimestamp());

    /// <summary>All rounds, one after the other; or fewer, when the time for them does not come.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        for (var round = 0; round < Rounds && !_nodeTakesNoDeltas && time.GetElapsedTime(begun) < Longest;)
        {
            var isDone = !IsEdited && await Go(round, cancellation);
            round += isDone ? 1 : 0;
            await Task.Delay(!isDone ? Look : round == FirstRounds ? AfterFirst : Between, time, cancellation);
        }
    }

    private bool IsEdited => Volatile.Read(ref _edited) is var edited && edited != long.MinValue && time.GetElapsedTime(edited) < Pause;

    /// <summary>False: it is not the time.</summary>
    private async Task<bool> Go(int round, CancellationToken cancellation)
    {
        try
        {
            if (!await build.BuilderBecomesReady(cancellation) || IsEdited || await seat.Link.Status(cancellation) is not { Version: >= 1, Release: { } id } status)
                return false;
            _nodeTakesNoDeltas = status.Loaded is null;
            if (status.Loaded is not { } loaded || !await build.Practise(round, loaded, cancellation))
                return false;
            // With deltas it is no longer that release.
            if (status.Deltas == 0 && releases.Find(id).Release is { } release)
                await seat.Delivery.Practise(release, status, cancellation);
            return true;
        }
        catch (Exception e) when (e is ControlException or IOException or UnauthorizedAccessException)
        {
            return false; // an edit finds out what is the matter, and says so
        }
    }
}
