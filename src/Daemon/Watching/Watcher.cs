using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Watching;

/// <summary>Watches one tree and hands on settled change sets, one at a time.</summary>
/// <remarks>
/// Events are hints, content hashes decide: what is handed on is the difference between the tree and what was handed on before, taken when the tree has
/// settled and the consumer asks. So what happens during a build is not lost, however many events tell of it, and what was undone meanwhile is no change.
/// </remarks>
internal sealed class Watcher : IAsyncDisposable
{
    private readonly Channel<WatchSignal> _signals = Channel.CreateUnbounded<WatchSignal>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<ChangeSet> _ready = Channel.CreateUnbounded<ChangeSet>();
    private readonly WatcherSettings _settings;
    private readonly ILogger _log;
    private readonly WatchedTree _tree;
    private readonly Settle _settle;
    private readonly WatchHealth _health;
    private readonly ITimer _wake;
    private Task _loop = Task.CompletedTask;
    private readonly HashSet<string> _unreported = new(Paths.Comparer);
    private readonly TimeProvider _time;
    private readonly UnsettledNews _news;
    private readonly List<TaskCompletionSource> _passing = [];
    private bool _wanted;
    private bool _looked;
    private bool _asked;

    private Watcher(WatcherSettings settings, Func<string?> busyWith, OpenTreeEvents open, TimeProvider time, ILogger log)
    {
        _settings = settings;
        _time = time;
        _log = log;
        _tree = new WatchedTree(settings, time);
        _settle = new Settle(settings, busyWith, time);
        _news = new UnsettledNews(_settle, busyWith, log);
        _health = new WatchHealth(settings, open, _tree.IsOut, Post, time, log);
        _wake = time.CreateTimer(_ => Post(new WatchSignal.Woke()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Called when a source file seems to be saved, before it has settled, while the consumer waits: mostly once a change set, and not always. Where the system tells who has
    /// a file open, its writer has closed it by then. A hint, for whoever can make use of the quiet time; what has changed is in the change set.
    /// </summary>
    public Action SaveBegins
    {
        get => _news.SaveBegins;
        set => _news.SaveBegins = value;
    }

    /// <summary>Starts to watch and takes stock of the tree: what changes after this returns is reported.</summary>
    /// <param name="settings">What to watch.</param>
    /// <param name="busyWith">What git is in the middle of, or null: changes wait for it to end.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where what is wrong with the file system is told.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<Watcher> Start(WatcherSettings settings, Func<string?> busyWith, TimeProvider time, ILogger<Watcher> log, CancellationToken cancellation) =>
        Start(settings, busyWith, TreeEvents.Open, time, log, cancellation);

    internal static async Task<Watcher> Start(WatcherSettings settings, Func<string?> busyWith, OpenTreeEvents open, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        var watcher = new Watcher(settings, busyWith, open, time, log);
        try
        {
            // Events first, then the stock: what happens between the two is told twice, not never.
            await Task.Run(() =>
            {
                watcher._health.Start();
                watcher._tree.TakeStock();
            }, cancellation);
        }
        catch
        {
            await watcher.DisposeAsync();
            throw;
        }
        watcher._loop = Task.Run(watcher.Run, CancellationToken.None);
        return watcher;
    }

    /// <summary>The change sets, in order. What happens while the consumer builds is in the next one. Ends when the watcher is disposed. One consumer.</summary>
    public async IAsyncEnumerable<ChangeSet> Changes([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            Post(new WatchSignal.Demanded());
            if (!await _ready.Reader.WaitToReadAsync(cancellation))
                yield break;
            while (_ready.Reader.TryRead(out var changes))
                yield return changes;
        }
    }

    /// <summary>After each build: from now on what evaluation named counts, and files that it has not seen yet. Without projects it came to no evaluation, and the same counts as before.</summary>
    public void Adopt(BuildInputs inputs) => Post(new WatchSignal.Adopted(inputs));

    /// <summary>Everything that it was told before has been taken in, and what was to be done at once is done.</summary>
    internal async Task Reached()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new WatchSignal.Passing(reached));
        await reached.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _signals.Writer.TryComplete();
        await _loop;
        _health.Dispose();
        await _wake.DisposeAsync();
        _ready.Writer.TryComplete();
    }

    // After the end there is nobody to tell.
    private void Post(WatchSignal signal) => _signals.Writer.TryWrite(signal);

    private async Task Run()
    {
        try
        {
            while (await _signals.Reader.WaitToReadAsync())
            {
                while (_signals.Reader.TryRead(out var signal))
                    Take(signal);
                Advance();
                _passing.ForEach(reached => reached.SetResult());
                _passing.Clear();
            }
        }
        catch (Exception defect)
        {
            // The consumer gets it: a watcher that ended unseen would be a tree that never changes.
            _ready.Writer.TryComplete(defect);
            _signals.Writer.TryComplete();
        }
    }

    private void Take(WatchSignal signal)
    {
        switch (signal)
        {
            case WatchSignal.Happened { Event: var happened }:
                _unreported.Remove(happened.Path);
                Hint(happened.Path, happened.IsMove, happened.IsOpen);
                break;
            case WatchSignal.Demanded:
                _wanted = true;
                _settle.Attend();
                break;
            case WatchSignal.Adopted adopted:
                Found(_tree.Adopt(adopted.Inputs));
                WatchAsPlanned();
                break;
            case WatchSignal.LookDue:
                Look();
                break;
            case WatchSignal.BeatDue:
                Lose(_health.Beat());
                if (_health.IsOutgrown)
                {
                    Found(_tree.PlanAnew());
                    WatchAsPlanned();
                }
                break;
            case WatchSignal.BeatHeard heard:
                Lose(_health.Heard(heard.Generation));
                break;
            case WatchSignal.BeatMissed missed:
                Lose(_health.Missed(missed.Generation));
                break;
            case WatchSignal.Passing passing:
                _passing.Add(passing.Reached);
                break;
            case WatchSignal.Failed failed:
                Lose(_health.Failed(failed.Generation, failed.Error));
                break;
        }
    }

    /// <param name="path">What was touched.</param>
    /// <param name="isMove">What lies there may be another.</param>
    /// <param name="isOpen">Whether somebody is writing it; null: it is not known.</param>
    private void Hint(string path, bool isMove = false, bool? isOpen = null)
    {
        foreach (var name in _tree.Plan.Targets.LinksTo(path).Prepend(path))
        {
            // What editors keep open beside a file, and logs, are no reason to wait.
            var isWritten = isOpen is true && !_tree.Counts(name) ? null : isOpen;
            _settle.Hint(name, isWritten);
            _news.Hint(isWritten is true);
            // Unless it is compared soon, somebody may build it meanwhile.
            if (!_wanted || _settle.Held is not null)
                _tree.Observe(name, isMove);
        }
    }

    private void Found(List<string> paths)
    {
        _looked |= paths.Count > 0;
        foreach (var path in paths)
            Hint(path);
    }

    private void Look()
    {
        var begun = _time.GetTimestamp();
        var found = _tree.NewSuspects();
        _health.Looked(_time.GetElapsedTime(begun), found.Count > 0);
        if (!_health.IsPolling)
            _unreported.UnionWith(found.Where(path => !_settle.IsPending(path)));
        Found(found);
    }

    private void WatchAsPlanned()
    {
        if (_health.Watch(_tree.Plan))
            Found(_tree.NewSuspects());
    }

    private void Lose(string? reason)
    {
        if (reason is null)
            return;
        _unreported.Clear();
        _log.EventsLost(reason);
        _settle.Lose(reason);
    }

    private void Advance()
    {
        if (!_wanted)
            return;
        if (_asked)
        {
            // Whatever comes of it is a signal.
            if (_health.IsAsking)
                return;
            _asked = false;
            CatchUp(complete: _health.IsAnswered);
        }
        var step = _settle.Next();
        _news.TellOfHold();
        while (step.State == SettleState.Ready)
        {
            if (_settle.MayLag && (_asked = _health.Ask()))
                return;
            if (_settle.MayLag)
                CatchUp(complete: false);
            HandOn();
            if (!_wanted)
                return;
            step = _settle.Next();
        }
        _news.TellOfSave();
        if (step.State == SettleState.Wait)
            _wake.Change(step.Delay, Timeout.InfiniteTimeSpan);
    }

    private void CatchUp(bool complete)
    {
        if (!complete && _settle.Lost is null)
            _settle.Complete(_tree.Suspects());
        _settle.CatchUp();
    }

    /// <summary>Unless the tree is not at rest after all.</summary>
    private void HandOn()
    {
        var changes = _settle.Lost is null ? _tree.Compare(_settle.Pending) : _tree.CompareAll();
        if (changes.Exists(change => change.LooksHalfWritten) && _settle.Doubt())
            return;
        // Git may have begun while the files were read.
        if (_settle.Next().State == SettleState.Wait)
            return;

        // What a build may have read in between must be built again, though the tree be what it was.
        var rescan = (_looked || _settle.Lost is not null) && !changes.Exists(change => change.IsDoubt);
        var reason = _settle.Lost ?? (changes.Count == 1 ? "saved" : $"{changes.Count} files");
        _settle.Clear();
        _news.Clear();
        _looked = false;
        var behind = _tree.HandOn(changes);
        Found(behind);
        WatchAsPlanned();
        if (changes.Find(change => _unreported.Contains(change.Path)) is { Path: { } unreported })
            _health.Unreported(unreported);
        _unreported.Clear();
        if (changes.Count == 0)
            return;

        foreach (var change in changes.Where(change => change.Now.Hash == ContentHash.Unreadable))
            _log.Unreadable(change.Path);
        _log.Changed(changes.Count, reason);
        _wanted = false;
        _ready.Writer.TryWrite(new ChangeSet([.. changes.Select(change => change.Path)], reason, rescan));
        foreach (var change in changes.Where(change => SourceEncoding.IsGuessed(change.Path)))
            _log.NotUtf8(change.Path);
    }
}
