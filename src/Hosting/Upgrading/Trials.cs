using WatchReload.Actors;
using WatchReload.Control;
using WatchReload.Hosting.Tcp;

namespace WatchReload.Hosting.Upgrading;

/// <summary>The trial that is under way, and what the node remembers of trials.</summary>
internal sealed class Trials(NodeServices node, ReleasePointers pointers, ListenerTable listeners) : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private readonly Lock _writing = new();
    private readonly CancellationTokenSource _ended = new();
    private CancellationTokenSource? _replaced;
    private int _written;

    /// <summary>The write of <c>current</c> that has not been done yet.</summary>
    private Action? _owed;

    /// <summary>What is on trial is not to be delivered again.</summary>
    private bool _isCondemned;

    /// <summary>What is on trial has come through its code change.</summary>
    private volatile bool _isSettled;

    /// <summary>A release is on trial that is named on disk.</summary>
    private bool _isWritten = pointers.Trial is not null;

    /// <summary>What the last commit has made current.</summary>
    private ServiceVersion? _serving;

    /// <summary>The release that had come through its code change when another took its place on trial: what the node starts on when that one does not come through. Null: what is current on disk.</summary>
    private string? _before;

    /// <summary>The node stops, or has stopped: what is committed all the same is not written down.</summary>
    private bool _hasStopped;

    public Probation? Current { get; private set; }

    /// <summary>The way back leads, as a rule, to what has passed its probation: unless that was replaced on trial as well.</summary>
    public bool IsProven(ReloadRequest request) => request.Cause == ReleaseContent.ProbationCause && pointers.Current == request.Release;

    /// <summary>At the commit.</summary>
    public void Begin(ReloadRequest request, ServiceVersion? previous, ServiceVersion next, bool onTrial)
    {
        lock (_writing)
        {
            if (_hasStopped) return;
            // What has passed its trial is what those to come are compared with, also when somebody goes back from it.
            if (request.Rollback && previous is not null && Current is not null) node.Kernel.Failures.Disregard(previous.Number);
            Replace(previous, next, onTrial ? request : null);
            // The first release is remembered when it serves.
            if (previous is null) return;
            _isWritten = onTrial;
            if (onTrial) PointTrial(next.Manifest.Id);
            else PointCurrent(next.Manifest.Id);
        }
    }

    /// <summary>At the commit of deltas. No release has that content yet, so there is nothing to write down; but a release that was on trial is so no longer, and would have to answer for what came after it.</summary>
    public void BeginUnreleased(ReloadRequest request, ServiceVersion previous, ServiceVersion next)
    {
        lock (_writing)
        {
            if (_hasStopped) return;
            Replace(previous, next, request);
            if (_isWritten) EndTrial();
            _isWritten = false;
        }
    }

    /// <summary>The reload has come through its code change, or cannot be taken back.</summary>
    public void Settle() => _isSettled = true;

    /// <summary>A release of what serves has been built.</summary>
    public void Released(string release)
    {
        lock (_writing)
        {
            if (_hasStopped) return;
            if (Current is null)
            {
                PointCurrent(release);
                return;
            }

            PointTrial(release);
            _isWritten = true;
        }
    }

    /// <summary>Cancelled when the next commit replaces the trial, or the node stops.</summary>
    public CancellationToken Watched() => (_replaced = new CancellationTokenSource()).Token;

    /// <summary>The release stays: the newest of what serves, if deltas have made it.</summary>
    public void Pass()
    {
        lock (_writing)
        {
            if (_hasStopped) return;
            Stay();
        }

        node.Kernel.EndTrial();
    }

    /// <summary>The content is not delivered again.</summary>
    public void Condemn(string content)
    {
        _isCondemned |= node.Kernel.Current is ServiceVersion current && current.Manifest.ContentHash == content;
        Insist("bad", () => pointers.MarkBad(content), () => true);
    }

    /// <summary>
    /// The node stops in order: what is on trial has not died. What was being gone back from, or whose code change has not ended, is not
    /// what it starts on next, but what came through before. Its actors stay as on trial: what is parked goes on no more, and none ends the node by its policy.
    /// </summary>
    public void Stop()
    {
        lock (_writing)
        {
            _hasStopped = true;
            if (Current is not null && _isSettled && !_isCondemned) Stay();
            else if (Current is not null && _before is { } before) PointCurrent(before);
            else if (Current is not null && _isWritten) EndTrial();
            _isWritten = false;
            End();
        }
    }

    /// <summary>What the current version does not declare has had its time.</summary>
    public async Task StopUndeclared()
    {
        if (node.Kernel.Current is not ServiceVersion current) return;
        foreach (var name in node.Kernel.Names.ToArray())
            if (!current.Declaration.Actors.ContainsKey(name)) node.Kernel.FindNamed(name)?.RequestStop(StopReason.Undeclared);
        await listeners.StopUndeclared(current.Declaration.Listeners.Values);
    }

    public void Dispose()
    {
        _replaced?.Cancel();
        _replaced?.Dispose();
        _ended.Cancel();
        _ended.Dispose();
    }

    private void Stay()
    {
        if (_serving is { } serving) PointCurrent(serving.Manifest.Id);
        _isWritten = false;
        End();
    }

    private void End()
    {
        EndWatch();
        Current = null;
    }

    /// <param name="previous">That was current.</param>
    /// <param name="next">That is.</param>
    /// <param name="trial">Null: it is not on trial.</param>
    private void Replace(ServiceVersion? previous, ServiceVersion next, ReloadRequest? trial)
    {
        EndWatch();
        if (Current is null || trial is null) _before = null;
        else if (_isSettled && !_isCondemned) _before = previous?.Manifest.Id;
        Current = trial is null ? null : new Probation(node.Kernel, node.Kernel.Committed, next.Manifest.Id, TimeSpan.FromSeconds(trial.ProbationSeconds));
        _serving = next;
        _isCondemned = _isSettled = false;
    }

    private void EndWatch()
    {
        _replaced?.Cancel();
        _replaced = null;
    }

    private void PointCurrent(string release)
    {
        void Write()
        {
            pointers.MakeCurrent(release);
            _owed = null;
        }

        lock (_writing)
        {
            _owed = Write;
            Point("current", Write);
        }
    }

    /// <summary>What is on trial is gone back from to what is current; so that is written first, if it could not be before.</summary>
    private void PointTrial(string release) => Point("trial", () =>
    {
        _owed?.Invoke();
        pointers.BeginTrial(release);
    });

    /// <summary>There is always room for this one.</summary>
    private void EndTrial() => Point("trial", () =>
    {
        pointers.EndTrial();
        _owed?.Invoke();
    });

    /// <summary>What the node starts on: what could not be written is tried again until it is, or something else is to be written.</summary>
    private void Point(string what, Action write)
    {
        lock (_writing)
        {
            var mine = ++_written;
            Insist(what, write, () => mine == _written);
        }
    }

    /// <summary>Told once a cause: whoever has read of it knows that it is tried on.</summary>
    private void Insist(string what, Action write, Func<bool> isWanted)
    {
        lock (_writing)
            if (Remember(what, write, told: null) is { } cause) _ = TryAgain(what, write, isWanted, cause, _ended.Token);
    }

    private async Task TryAgain(string what, Action write, Func<bool> isWanted, Cause told, CancellationToken ended)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Again, node.Kernel.Time, ended);
                lock (_writing)
                {
                    if (!isWanted()) return;
                    if (Remember(what, write, told) is { } cause)
                    {
                        told = cause;
                        continue;
                    }
                }

                UpgradingLog.RememberedAtLast(node.Logger, what);
                return;
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The node ends.
        }
    }

    /// <summary>A full disk is no reason to break off after the point of no return. What kept it from being written; null: it is written.</summary>
    private Cause? Remember(string what, Action write, Cause? told)
    {
        try
        {
            write();
            return null;
        }
        catch (Exception failure)
        {
            var cause = new Cause(failure.GetType(), failure.HResult);
            if (cause != told) UpgradingLog.NotRemembered(node.Logger, failure, what);
            return cause;
        }
    }

    /// <summary>Not the message: that names a file of a random name.</summary>
    private readonly record struct Cause(Type Kind, int Code);
}
